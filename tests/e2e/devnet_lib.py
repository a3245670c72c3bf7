"""What the devnet's end-to-end tests share: a devnet to start and kill, a small WebSocket
reader, JSON-RPC, and TAP lines.  Standard library only, none of the project's own code."""
import base64, json, os, signal, socket, struct, subprocess, sys, tempfile, time, urllib.error, urllib.request

BIN = os.path.join(os.environ.get("B", "build"), "libexec/depinctl/depinctl-devnet")


class Devnet:
    """depinctl-devnet on a free port; ended with the test."""

    def __init__(self, *args):
        self.p = subprocess.Popen([BIN, "--listen", "127.0.0.1:0", "--quiet", *map(str, args)],
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
        for line in open(f"/proc/{self.p.pid}/status"):
            if line.startswith("VmRSS"):
                return int(line.split()[1]) * 1024

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

    def events(self, query="", **kw):
        return Reader(self.port, "/events" + query, "cloudevents.json", **kw)


class Refused(Exception):
    pass


class Reader:
    """A WebSocket client that reads whole text messages."""

    def __init__(self, port, path, protocol=None, token=None, rcvbuf=None):
        self.s = socket.socket()
        if rcvbuf:
            self.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        self.s.settimeout(60)
        self.s.connect(("127.0.0.1", port))
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket",
                 "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode()]
        if protocol:
            lines.append("Sec-WebSocket-Protocol: " + protocol)
        if token:
            lines.append("Authorization: Bearer " + token)
        self.s.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.buf = b""
        while b"\r\n\r\n" not in self.buf:
            more = self.s.recv(65536)
            if not more:
                raise Refused("closed")
            self.buf += more
        head, self.buf = self.buf.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise Refused(head.split(b"\r\n")[0].decode())
        self.fragments = 0

    def take(self, n):
        if len(self.buf) < n:
            parts, have = [self.buf], len(self.buf)
            while have < n:
                more = self.s.recv(1 << 20)
                if not more:
                    raise EOFError
                parts.append(more)
                have += len(more)
            self.buf = b"".join(parts)
        out, self.buf = self.buf[:n], self.buf[n:]
        return out

    def message(self):
        whole = b""
        while True:
            b0, n = self.take(2)
            n &= 127
            if n == 126:
                n = struct.unpack(">H", self.take(2))[0]
            elif n == 127:
                n = struct.unpack(">Q", self.take(8))[0]
            payload = self.take(n)
            op = b0 & 15
            if op == 9:
                self.send(payload, 10)
            if op == 8:
                raise EOFError
            if op > 2:
                continue
            whole += payload
            self.fragments += op == 0
            if b0 & 128:
                return whole

    def send(self, payload, op=1):
        mask = os.urandom(4)
        n = len(payload)
        head = bytes([128 | op]) + (bytes([128 | n]) if n < 126 else bytes([128 | 126]) + struct.pack(">H", n))
        self.s.sendall(head + mask + bytes(c ^ mask[i & 3] for i, c in enumerate(payload)))

    def json(self):
        return json.loads(self.message())

    def close(self):
        self.s.close()


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
    """Runs functions; prints a TAP line for each; leaves with 1 if one failed."""
    import traceback
    bad = 0
    for i, t in enumerate(tests, 1):
        try:
            t()
            print(f"ok {i} - {t.__doc__ or t.__name__}", flush=True)
        except Exception:
            bad += 1
            print(f"not ok {i} - {t.__doc__ or t.__name__}", flush=True)
            traceback.print_exc(file=sys.stdout)
    sys.exit(1 if bad else 0)
