"""What the devnet's end-to-end tests have besides lib: a devnet to start and kill, with its HTTP
and JSON-RPC, and tests that assert.  Standard library only, none of the project's own code."""
import json, signal, subprocess, tempfile, time, traceback, urllib.error, urllib.request

from lib import DEVNET, leave, ok, proc_kb
from lib_ws import Client


class Devnet:
    """depinctl-devnet on a free port; ended with the test."""

    def __init__(self, *args):
        self.p = subprocess.Popen([DEVNET, "--listen", "127.0.0.1:0", "--quiet", *map(str, args)],
                                  stdout=subprocess.PIPE, text=True)
        line = self.p.stdout.readline()
        assert line.startswith("listening on 127.0.0.1:"), line
        self.port = int(line.rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        rc = self.kill(signal.SIGTERM)
        assert exc[0] or rc in (0, -signal.SIGKILL), f"ended with {rc}"

    def kill(self, signo=signal.SIGKILL):
        if self.p.poll() is None:
            self.p.send_signal(signo)
        rc = self.p.wait(30)
        self.p.stdout.close()
        return rc

    def rss(self):
        return proc_kb(self.p.pid, "VmRSS") * 1024

    def http(self, path, body=None, **headers):
        """(status, text, headers)"""
        data = body.encode() if isinstance(body, str) else body
        rq = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data,
                                    {k.replace("_", "-"): v for k, v in headers.items()})
        try:
            with urllib.request.urlopen(rq, timeout=60) as r:
                return r.status, r.read().decode(), r.headers
        except urllib.error.HTTPError as e:
            return e.code, e.read().decode(), e.headers

    def rpc(self, method, *params):
        rq = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return json.loads(self.http("/", json.dumps(rq), Content_Type="application/json")[1])

    def synced(self):
        """Waits until the chain has caught up; returns the devnet."""
        while self.rpc("eth_syncing")["result"] is not False:
            time.sleep(0.05)
        return self

    def client(self, path, *args, **kw):
        return Client(f"ws://127.0.0.1:{self.port}{path}", *args, **kw)

    def events(self, query="", **kw):
        return self.client("/events" + query, "cloudevents.json", **kw)


def seq_of(text):
    """The position of a frame, or None (a snapshot, or hostile)."""
    try:
        s = json.loads(text).get("sequence")
        return int(s) if isinstance(s, str) and len(s) == 20 and s.isdigit() else None
    except (ValueError, AttributeError, RecursionError):
        return None


def read_live(reader, n):
    """n frames that have a position, as (position, bytes)."""
    out = []
    while len(out) < n:
        m = reader.message()
        s = seq_of(m)
        if s is not None:
            out.append((s, m))
    return out


def now_minus(seconds):
    import datetime
    t = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=seconds)
    return t.strftime("%Y-%m-%dT%H:%M:%SZ")


def tmp():
    return tempfile.TemporaryDirectory(prefix="devnet-")


def run(tests):
    """Runs functions that assert: a line for each, by what it says of itself."""
    for t in tests:
        what = t.__doc__ or t.__name__
        try:
            t()
            ok(what)
        except Exception:
            ok(what, False, traceback.format_exc())
    leave()
