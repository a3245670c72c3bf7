"""What the command-line tests share: a home of their own, running depinctl, TAP lines.
Standard library only."""
import atexit, json, os, shutil, subprocess, sys, tempfile, time

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("DEPINCTL") or os.path.abspath(
    os.path.join(os.environ.get("B", "build"), "bin/depinctl"))

if not os.access(BIN, os.X_OK):
    sys.exit(f"not ok 1 - {BIN} is not there: make it, and set B or DEPINCTL")

counts = {True: 0, False: 0}


def ok(cond, what, detail=""):
    counts[bool(cond)] += 1
    n = counts[True] + counts[False]
    print(f"{'ok' if cond else 'not ok'} {n} - {what}", flush=True)
    if not cond and detail:
        print("\n".join("# " + line for line in str(detail).splitlines()[:40]), flush=True)
    return bool(cond)


def done():
    print(f"{counts[True]} passed, {counts[False]} failed")
    sys.exit(1 if counts[False] or not counts[True] else 0)


class Home:
    """A temporary home: configuration, sockets and journals are in it, and go with it."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="depinctl-e2e-", dir="/tmp")
        self.env = {k: v for k, v in os.environ.items()
                    if k not in ("NO_COLOR", "LC_ALL", "LC_CTYPE")}
        self.env.update(HOME=self.dir, LANG="C.UTF-8", TERM="xterm-256color")
        for var, name in (("XDG_CONFIG_HOME", "config"), ("XDG_RUNTIME_DIR", "run"),
                          ("XDG_STATE_HOME", "state")):
            self.env[var] = os.path.join(self.dir, name)
            os.mkdir(self.env[var], 0o700)
        atexit.register(self.close)

    def close(self):
        if os.path.isdir(self.dir):
            self.run("stop")
            shutil.rmtree(self.dir, ignore_errors=True)

    def config(self, text):
        folder = os.path.join(self.env["XDG_CONFIG_HOME"], "depinctl")
        os.makedirs(folder, 0o700, exist_ok=True)
        path = os.path.join(folder, "config.yaml")
        with open(path, "w") as f:
            f.write(text)
        return path

    def popen(self, *args, **kw):
        kw.setdefault("stdin", subprocess.DEVNULL)
        kw.setdefault("stdout", subprocess.PIPE)
        kw.setdefault("stderr", subprocess.PIPE)
        env = dict(self.env, **kw.pop("env", {}))
        return subprocess.Popen([BIN, *map(str, args)], env=env, **kw)

    def run(self, *args, input=None, timeout=60, **kw):
        """(exit code, stdout, stderr) as text; bytes that are not UTF-8 fail the test."""
        if input is not None:
            kw["stdin"] = subprocess.PIPE
        p = self.popen(*args, **kw)
        try:
            out, err = p.communicate(input.encode() if input is not None else None, timeout)
        except subprocess.TimeoutExpired:
            p.kill()
            p.communicate()
            return -1, "", "timed out: " + " ".join(map(str, args))
        return p.returncode, (out or b"").decode(), (err or b"").decode()

    def json(self, *args, **kw):
        rc, out, err = self.run(*args, **kw)
        try:
            return json.loads(out)
        except ValueError:
            raise AssertionError(f"{args}: rc {rc}, {out[:200]!r} {err}")

    def until(self, what, cond, seconds=60):
        """Asks again until cond() is true: ok or not ok with this name."""
        end = time.monotonic() + seconds
        last = None
        while time.monotonic() < end:
            try:
                last = cond()
            except AssertionError as e:
                last, err = None, e
            if last:
                break
            time.sleep(0.1)
        ok(last, what, f"not within {seconds} s; last: {last!r}")
        return last


LAB = """current: lab
contexts:
  - name: lab
    sources:
      - {{ name: fleet, kind: stream, url: "ws://127.0.0.1:{port}/events" }}
    ledgers:
      - {{ name: chain, kind: evm, urls: ["ws://127.0.0.1:{port}/"] }}
collector: {{ linger: 60s }}
"""
