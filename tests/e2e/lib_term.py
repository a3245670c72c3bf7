"""A terminal of a few lines for the end-to-end tests: a pseudo-terminal that answers what it is
asked, keeps all it was sent, and can say whether that was ours to send.  Standard library only."""
import fcntl, os, pty, re, select, signal, struct, termios, time
import unicodedata

ESCAPE = re.compile(rb"\x1b\[[0-9;?$]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]|\x1b[@-Z\\-~]")

# All that the console may ever say to a terminal of the xterm kind, besides text.
OURS = re.compile(
    rb"\x1b\[[0-9;]*m"                                 # looks
    rb"|\x1b\[[0-9;]*[HfdGABCD]"                       # the cursor's place
    rb"|\x1b\[[0-9]*[JKXPLM@STb]|\x1b\[[0-9]+;[0-9]+r|\x1b\[r|\x1bM"  # erasing, scrolling
    rb"|\x1b\[\?(?:1049|25|12|2004|1002|1006|2026|1|7)[hl]|\x1b\[\?12;25h"  # the table of modes
    rb"|\x1b\[2[23];0;0t"                              # what xterm's description adds to them
    rb"|\x1b[=>78]|\x1b\(B|\x1b\[!p|\x1b\[4l"
    rb"|\x1b\[5n|\x1b\[c|\x1b\[\?2026\$p"              # questions
    rb"|\x1b\]52;c;[A-Za-z0-9+/=]*(?:\x07|\x1b\\)"     # the user copied something
    rb"|[\r\n\x08\t\x0f]")


def hidden(c):
    """What no name may put on a screen: controls, what rearranges, what cannot be seen."""
    n = ord(c)
    return (unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or 0xfe00 <= n <= 0xfe0f
            or 0xe0000 <= n <= 0xe0fff or n in (0x115f, 0x1160, 0x3164, 0xffa0))


def foreign(out):
    """[(offset, bytes)] of what is neither ours nor harmless text."""
    bad, at, text = [], 0, b""
    while at < len(out):
        if out[at] >= 0x20 and out[at] != 0x7f:
            end = at
            while end < len(out) and out[end] >= 0x20 and out[end] != 0x7f:
                end += 1
            text = out[at:end]
            try:
                if any(hidden(c) for c in text.decode()):
                    bad.append((at, text[:80]))
            except UnicodeDecodeError:
                bad.append((at, text[:80]))
            at = end
            continue
        m = OURS.match(out, at)
        if m:
            at = m.end()
        else:
            bad.append((at, out[max(0, at - 20):at + 40]))
            at += 1
    return bad


class Terminal:
    """with Terminal(argv, env) as t: t.keys("2"), t.until("READINGS") ..."""

    def __init__(self, argv, env, rows=40, cols=120, rate=0):
        self.out, self.seen, self.rate, self.started = b"", 0, rate, time.monotonic()
        self.status, self.answers = None, True
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, env)
        self.size(rows, cols)
        self.settings = termios.tcgetattr(self.fd)
        os.set_blocking(self.fd, False)

    def __enter__(self):
        return self

    def __exit__(self, *why):
        if self.alive():
            os.kill(self.pid, signal.SIGTERM)
            end = time.monotonic() + 10
            while self.alive() and time.monotonic() < end:
                self.pump(0.05)
        if self.alive():
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)

    def size(self, rows, cols):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def alive(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status
        return self.status is None

    def send(self, data):
        while data:
            try:
                data = data[os.write(self.fd, data):]
            except BlockingIOError:
                self.pump(0.01)
            except OSError:
                return

    def keys(self, text, gap=0.02):
        for c in text:
            self.send(c.encode())
            self.pump(0.3 if c == "\x1b" else gap)

    def pump(self, seconds):
        end = time.monotonic() + seconds
        while True:
            left = max(0, end - time.monotonic())
            if select.select([self.fd], [], [], left)[0]:
                try:
                    got = os.read(self.fd, 1 << 16)
                except OSError:
                    got = b""
                if not got:
                    return
                self.take(got)
            elif left == 0:
                return

    def take(self, got):
        self.out += got
        at = max(0, len(self.out) - len(got) - 3)
        if self.answers:
            for _ in re.findall(rb"\x1b\[5n", self.out[at:]):
                self.send(b"\x1b[0n")

    def text(self, since=0):
        """What was written since then, escapes taken out: not a screen, but words are in it."""
        return ESCAPE.sub(b" ", self.out[since:]).decode("utf-8", "replace")

    def until(self, word, seconds=60, since=None):
        """Until the word has come since the last such wait."""
        since = self.seen if since is None else since
        end = time.monotonic() + seconds
        while word not in self.text(since):
            if time.monotonic() > end or not self.alive():
                raise AssertionError(f"{word!r} has not come; the last: {self.text(since)[-1500:]}")
            self.pump(0.05)
        self.seen = len(self.out)

    def wait(self, seconds=30):
        """The exit status, as waitpid() gives it."""
        end = time.monotonic() + seconds
        while self.alive():
            if time.monotonic() > end:
                raise AssertionError("it does not end: " + self.text()[-500:])
            self.pump(0.02)
        self.pump(0)
        return self.status

    def left_on(self):
        """Modes that are on still."""
        on = set()
        for m in re.finditer(rb"\x1b\[\?([0-9;]+)([hl])", self.out):
            for n in m.group(1).split(b";"):
                (on.add if m.group(2) == b"h" else on.discard)(int(n))
        return sorted(on & {1, 47, 1047, 1049, 1000, 1002, 1003, 1004, 1006, 2004, 2026})
