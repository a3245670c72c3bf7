"""What the end-to-end tests share: homes, processes, the collector and its API, waiting for
conditions, TAP lines.  Standard library only, none of the project's own code."""
import json, os, shutil, signal, socket, subprocess, sys, tempfile, time, traceback

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
B = os.path.abspath(os.environ.get("B", os.path.join(TREE, "build")))
DEPINCTL = os.environ.get("DEPINCTL", os.path.join(B, "bin/depinctl"))
COLLECTOR = os.path.join(B, "libexec/depinctl/depinctl-collector")
DEVNET = os.path.join(B, "libexec/depinctl/depinctl-devnet")
ANVIL = os.path.join(B, "npm/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(what, cond, seconds=30, every=0.05):
    """What cond() gives, once it is true; fails with `what` after `seconds`."""
    end = time.monotonic() + seconds
    last = None
    while True:
        last = cond()
        if last:
            return last
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s; last {last!r}")
        time.sleep(every)


def proc_kb(pid, key):
    """A line of /proc/PID/status in kB: VmHWM, VmRSS."""
    for line in open(f"/proc/{pid}/status"):
        if line.startswith(key + ":"):
            return int(line.split()[1])


class Proc:
    """A child with its output in a file, ended by its pid."""

    def __init__(self, args, log, env=None, **kw):
        self.log, self.args, self.killed = log, list(map(str, args)), False
        with open(log, "ab") as f:
            self.p = subprocess.Popen(self.args, stdin=subprocess.DEVNULL,
                                      stdout=f, stderr=f, env=env, **kw)
        self.pid = self.p.pid

    def alive(self):
        return self.p.poll() is None

    def kill(self, signo=signal.SIGKILL):
        self.killed = True
        if self.alive():
            self.p.send_signal(signo)
        return self.p.wait(30)

    def end(self):
        if self.alive():
            self.p.terminate()
            try:
                return self.p.wait(20)
            except subprocess.TimeoutExpired:
                self.p.kill()
        return self.p.wait(20)

    def output(self):
        with open(self.log, errors="replace") as f:
            return f.read()


class ApiError(Exception):
    def __init__(self, error):
        super().__init__(error["message"])
        self.code = error["code"]


class Api:
    """The collector's API: a line of JSON each way over its socket."""

    def __init__(self, path, timeout=30):
        self.s = socket.socket(socket.AF_UNIX)
        self.s.settimeout(timeout)
        self.s.connect(path)
        self.buf = b""
        self.id = 0
        self.notices = []

    def line(self):
        while b"\n" not in self.buf:
            more = self.s.recv(1 << 20)
            if not more:
                raise EOFError("the collector closed the line")
            self.buf += more
        line, self.buf = self.buf.split(b"\n", 1)
        return json.loads(line)

    def call(self, method, **params):
        self.id += 1
        rq = {"jsonrpc": "2.0", "id": self.id, "method": method, "params": params}
        self.s.sendall(json.dumps(rq).encode() + b"\n")
        while True:
            m = self.line()
            if "method" in m:
                self.notices.append(m)
            elif m.get("id") == self.id:
                if "error" in m:
                    raise ApiError(m["error"])
                return m["result"]

    def notice(self):
        return self.notices.pop(0) if self.notices else self.line()

    def rows(self, kind, **params):
        return self.call("query", kind=kind, limit=10000, **params)["rows"]

    def row(self, kind, name, **params):
        rows = self.rows(kind, names=name, **params)
        return rows[0] if rows else None

    def close(self):
        self.s.close()


class Home:
    """A folder of its own for all of a test; `with Home() as h` ends every process with it."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="depinctl-e2e-")
        self.env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "LC_ALL", "LC_CTYPE")}
        self.env.update(HOME=self.dir, LANG="C.UTF-8", TERM="xterm-256color")
        for var, name in (("XDG_CONFIG_HOME", "config"), ("XDG_RUNTIME_DIR", "run"),
                          ("XDG_STATE_HOME", "state")):
            self.env[var] = self.path(name)
            os.mkdir(self.env[var], 0o700)
        os.mkdir(self.path("config/depinctl"), 0o700)
        self.procs = []
        self.socket = self.path("api.sock")
        self.collector = None

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        for p in reversed(self.procs):
            p.end()
            self.check(p)
        if kind and self.collector:
            print("# the collector said:\n# " + "\n# ".join(
                self.collector.output().splitlines()[-30:]))
        shutil.rmtree(self.dir, ignore_errors=True)

    def check(self, p):
        """Ours leave by their own will and in good order: sanitizers have nothing to say."""
        out = p.output()
        if p.args[0] in (COLLECTOR, DEVNET) and (
                "Sanitizer" in out or "runtime error:" in out or
                (p.p.returncode < 0 and not p.killed)):
            ok(f"{os.path.basename(p.args[0])} ended well", False,
               f"status {p.p.returncode}\n{out[-6000:]}")

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text, mode=0o600):
        with open(self.path(name), "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        os.chmod(self.path(name), mode)
        return self.path(name)

    def config(self, context, rest=""):
        """context: the lines below `- name: lab`, without their indent."""
        body = "".join("    " + line + "\n" for line in context.strip("\n").splitlines())
        return self.write("config/depinctl/config.yaml",
                          "contexts:\n  - name: lab\n" + body + rest)

    def start(self, *args, log=None, env=None, **kw):
        p = Proc(args, self.path(log or f"log{len(self.procs)}"), env or self.env, **kw)
        self.procs.append(p)
        return p

    def serve(self, *args, wait=True):
        """The collector, ready to be asked."""
        self.collector = self.start(COLLECTOR, "--socket", self.socket, "--linger", "0", *args,
                                    log="collector.log")
        if wait:
            until("the collector serves", lambda: self.ready(), 60)
        return self.collector

    def ready(self):
        if not self.collector.alive():
            raise AssertionError("the collector left: " + self.collector.output()[-2000:])
        try:
            Api(self.socket).close()
            return True
        except OSError:
            return False

    def api(self, **kw):
        return Api(self.socket, **kw)

    def popen(self, *args, env={}, **kw):
        """depinctl in this home, its output in pipes unless told otherwise"""
        kw = dict(stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) | kw
        return subprocess.Popen([DEPINCTL, *map(str, args)], env=self.env | env, **kw)

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

    def depinctl(self, *args, **kw):
        """run() of a command that talks to this home's collector."""
        return self.run("--socket", self.socket, *args, **kw)

    def get(self, *args):
        """`depinctl get ... -o json`; what is named and not there: []"""
        rc, out, err = self.depinctl("get", *args, "-o", "json")
        if rc == 1 and out.strip() in ("", "[]"):
            return []
        assert rc == 0, (args, rc, err)
        return json.loads(out)

    def devnet(self, *args, port=0):
        """(process, port)"""
        p = self.start(DEVNET, "--listen", f"127.0.0.1:{port}", "--quiet", *args)
        text = until("the devnet listens", lambda: self.said(p, "listening on "), 30)
        return p, int(text.split("listening on ", 1)[1].split()[0].rsplit(":", 1)[1])

    def said(self, p, word):
        out = p.output()
        if word not in out and not p.alive():
            raise AssertionError("it left: " + out[-2000:])
        return out if word in out and out.endswith("\n") else None


count = [0, 0]


def ok(what, passed=True, why=""):
    count[0 if passed else 1] += 1
    print(f"{'ok' if passed else 'not ok'} {sum(count)} - {what}", flush=True)
    if not passed and why:
        print("# " + str(why)[:3000].replace("\n", "\n# "), flush=True)
    return passed


def run(*tests):
    """Each test is a function; it calls ok() or raises, then the next one has its turn."""
    for t in tests:
        t0 = time.monotonic()
        try:
            t()
        except Exception:
            ok((t.__doc__ or t.__name__).splitlines()[0], False, traceback.format_exc())
        print(f"# {t.__name__}: {time.monotonic() - t0:.1f} s", flush=True)
    leave()


def leave():
    sys.exit(1 if count[1] or not count[0] else 0)
