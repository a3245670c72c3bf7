"""A WebSocket client and server of a few lines, which can also speak wrongly.  Standard library
only."""
import base64, hashlib, json, os, select, socket, struct, threading, urllib.parse

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(payload, op=TEXT, fin=True, mask=None):
    """One frame; mask: four bytes, as clients send."""
    if isinstance(payload, str):
        payload = payload.encode()
    n = len(payload)
    bit = 128 if mask else 0
    head = bytes([(128 if fin else 0) | op])
    if n < 126:
        head += bytes([bit | n])
    elif n < 65536:
        head += bytes([bit | 126]) + struct.pack(">H", n)
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", n)
    if mask:
        pad = (mask * (n // 4 + 1))[:n]
        payload = (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(n, "big")
        head += mask
    return head + payload


class Wire:
    """Bytes and frames from a socket."""

    def __init__(self, s):
        self.s, self.buf = s, bytearray()

    def more(self):
        got = self.s.recv(1 << 18)
        if not got:
            raise EOFError("the line ended")
        self.buf += got

    def until(self, mark):
        while mark not in self.buf:
            self.more()
        at = self.buf.index(mark) + len(mark)
        out, self.buf = bytes(self.buf[:at]), self.buf[at:]
        return out

    def take(self, n):
        while len(self.buf) < n:
            self.more()
        out = bytes(self.buf[:n])
        del self.buf[:n]
        return out

    def frame(self):
        """(opcode, final, payload)"""
        b0, b1 = self.take(2)
        n = b1 & 127
        if n >= 126:
            n = struct.unpack(">H" if n == 126 else ">Q", self.take(2 if n == 126 else 8))[0]
        mask = self.take(4) if b1 & 128 else None
        payload = self.take(n)
        if mask:
            payload = bytes(c ^ mask[i & 3] for i, c in enumerate(payload))
        return b0 & 15, bool(b0 & 128), payload


class Refused(Exception):
    def __init__(self, status):
        super().__init__(f"HTTP {status}")
        self.status = status


class Client(Wire):
    """Reads whole messages."""

    def __init__(self, url, subprotocol=None, token=None, context=None, timeout=60, rcvbuf=None):
        u = urllib.parse.urlsplit(url)
        s = socket.socket()
        if rcvbuf:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        s.settimeout(timeout)
        s.connect((u.hostname, u.port))
        if u.scheme == "wss":
            s = context.wrap_socket(s, server_hostname=u.hostname)
        super().__init__(s)
        lines = [f"GET {u.path or '/'}{'?' + u.query if u.query else ''} HTTP/1.1",
                 f"Host: {u.netloc}", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode()]
        if subprotocol:
            lines.append("Sec-WebSocket-Protocol: " + subprotocol)
        if token is not None:
            lines.append("Authorization: Bearer " + token)
        s.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = self.until(b"\r\n\r\n").decode()
        status = int(head.split()[1])
        if status != 101:
            s.close()
            raise Refused(status)
        self.head, self.fragments = head, 0

    def message(self):
        whole = b""
        while True:
            op, fin, payload = self.frame()
            if op == PING:
                self.send(payload, PONG)
            elif op == CLOSE:
                raise EOFError("closed")
            elif op <= BINARY:
                whole += payload
                self.fragments += op == 0
                if fin:
                    return whole

    def json(self):
        return json.loads(self.message())

    def send(self, payload, op=TEXT):
        self.s.sendall(frame(payload, op, mask=os.urandom(4)))

    def close(self):
        self.s.close()


class Peer(Wire):
    """One accepted connection, past its handshake."""

    def __init__(self, s, request):
        super().__init__(s)
        self.request = request
        self.path = request.split(" ")[1]

    def send(self, payload, **kw):
        self.s.sendall(frame(payload, **kw))

    def gone(self, seconds=0):
        """Has the other side ended the line?"""
        ready, _, _ = select.select([self.s], [], [], seconds)
        if not ready:
            return False
        try:
            got = self.s.recv(65536)
        except OSError:
            return True
        return not got or got[0] & 15 == CLOSE


class Server:
    """Accepts on a free port; each connection runs `talk(peer)` in a thread of its own, until it
    returns or the line ends.  handshake False: talk() gets the raw socket's first bytes."""

    def __init__(self, talk, handshake=True, subprotocol="cloudevents.json"):
        self.talk, self.handshake, self.subprotocol = talk, handshake, subprotocol
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.peers, self.faults, self.seen = [], [], 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                s, _ = self.listener.accept()
            except OSError:
                return
            self.seen += 1
            threading.Thread(target=self.serve, args=(s,), daemon=True).start()

    def serve(self, s):
        try:
            w = Wire(s)
            request = w.until(b"\r\n\r\n").decode("latin1")
            if self.handshake:
                s.sendall(self.answer(request))
            p = Peer(s, request)
            p.buf = w.buf
            self.peers.append(p)
            self.talk(p)
        except (OSError, EOFError):
            pass
        except Exception as e:
            self.faults.append(e)
        finally:
            s.close()

    def answer(self, request):
        key = next(line.split(":", 1)[1].strip() for line in request.split("\r\n")
                   if line.lower().startswith("sec-websocket-key:"))
        accept = base64.b64encode(hashlib.sha1(key.encode() + GUID).digest()).decode()
        lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Accept: " + accept]
        if self.subprotocol:
            lines.append("Sec-WebSocket-Protocol: " + self.subprotocol)
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def close(self):
        self.listener.close()
        for p in self.peers:
            try:
                p.s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
