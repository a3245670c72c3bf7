"""What the command-line tests have besides lib: one home for all of a script, which goes with it,
and whose collector the commands start themselves.  Standard library only."""
import atexit, json

import lib

LAB = """sources:
  - {{ name: fleet, kind: stream, url: "ws://127.0.0.1:{port}/events" }}
ledgers:
  - {{ name: chain, kind: evm, urls: ["ws://127.0.0.1:{port}/"] }}
"""


class Home(lib.Home):
    def __init__(self):
        super().__init__()
        atexit.register(self.close)

    def close(self):
        self.run("stop")
        self.__exit__(None)

    def lab(self, port):
        """The configuration: a devnet there as source and ledger."""
        self.config(LAB.format(port=port), "current: lab\ncollector: { linger: 60s }\n")

    def json(self, *args, **kw):
        rc, out, err = self.run(*args, **kw)
        try:
            return json.loads(out)
        except ValueError:
            raise AssertionError(f"{args}: rc {rc}, {out[:200]!r} {err}")

    def until(self, what, cond, seconds=60):
        """Asks again until cond() is true and does not assert: ok or not ok with this name."""
        def asked():
            try:
                return cond()
            except AssertionError:
                return None
        try:
            lib.until(what, asked, seconds, 0.1)
            lib.ok(what)
        except AssertionError as e:
            lib.ok(what, False, e)


def done():
    print(f"{lib.count[0]} passed, {lib.count[1]} failed")
    lib.leave()
