"""Measures the terminal program as a person meets it, in a pseudo-terminal of 120 columns and 36 lines.

    python3 benches/terminal.py target/release/segtui /tmp/demo1m

From a cursor key to the bytes of its repaint while other work runs; the bytes of one cursor step; bytes and CPU time
of ten idle seconds. Needs Linux and nothing but Python.
"""

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time

COLUMNS, LINES = 120, 36
WORKSPACE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "workspace")
SEGMENT = "HighValue"  # what finds a segment of several lines in the list
MOVE = re.compile(rb"\x1b\[(\d+);(\d+)H")
APART = 0.023  # from one key to the next at least, in seconds


class Program:
    """The program in a terminal, with folders of its own."""

    def __init__(self, binary, data, *arguments):
        self.home = tempfile.mkdtemp(prefix="segtui-bench-")
        workspace = os.path.join(self.home, "workspace")
        shutil.copytree(WORKSPACE, workspace)
        places = {f"XDG_{name}_HOME": os.path.join(self.home, name) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
        environment = {"TERM": "xterm-256color", "HOME": self.home, "USER": "ana", **places}
        command = [binary, "--data", data, "--workspace", workspace, *arguments]
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
            os.execve(binary, command, environment)

    def read(self, seconds):
        """What arrives within some time, as soon as there is anything."""
        ready, _, _ = select.select([self.terminal], [], [], max(seconds, 0))
        return os.read(self.terminal, 1 << 16) if ready else b""

    def until(self, text, seconds=120):
        """Waits for a text that is written in one go."""
        seen, end = b"", time.perf_counter() + seconds
        while text.encode() not in seen:
            if time.perf_counter() > end:
                sys.exit(f"never saw {text!r} in {seen[-2000:]!r}")
            seen += self.read(1)

    def quiet(self, seconds):
        """Waits until nothing has arrived for some time."""
        while self.read(seconds):
            pass

    def send(self, keys):
        os.write(self.terminal, keys.encode())

    def cpu(self):
        """CPU time so far, in seconds."""
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def open_segment(self):
        """Opens a segment of several lines in the editor, the cursor on its first condition."""
        self.until("Top_Customers")
        self.send(f"/{SEGMENT}\r")
        self.until("UNIQUE CUSTOMERS")

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        try:
            while os.read(self.terminal, 1 << 16):
                pass
        except OSError:
            pass
        os.waitpid(self.pid, 0)
        os.close(self.terminal)
        shutil.rmtree(self.home)


def lines_of(painted):
    """The lines that a paint goes to; the last one has the progress of other work."""
    return {int(line) for line, _ in MOVE.findall(painted)} - {LINES}


def step(program, key, lines):
    """Presses a cursor key; how long until all of these lines were painted."""
    program.read(0)
    sent = time.perf_counter()
    program.send(key)
    painted = b""
    while not lines <= lines_of(painted):
        if time.perf_counter() > sent + 10:
            sys.exit(f"no repaint: {painted!r}, not {lines}")
        painted += program.read(1)
    taken = time.perf_counter() - sent
    time.sleep(max(APART - taken, 0))
    return taken


def steps(program, lines, seconds, meanwhile=None):
    """Presses cursor keys for some seconds."""
    times, end, at = [], time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        if meanwhile and at % 20 == 0:
            program.send(meanwhile)
        times.append(step(program, "jk"[at % 2], lines))
        at += 1
    return sorted(times)


def report(what, times):
    at = lambda share: times[min(int(len(times) * share), len(times) - 1)] * 1000
    print(f"{what}: {len(times)} keys, p50 {at(0.5):.1f} ms, p99 {at(0.99):.1f} ms, max {times[-1] * 1000:.1f} ms", flush=True)


def main(binary, data):
    program = Program(binary, data)
    program.open_segment()
    program.quiet(5)
    sizes, lines = [], None
    for at in range(20):
        program.send("jk"[at % 2])
        time.sleep(0.1)
        painted = program.read(1)
        sizes.append(len(painted))
        lines = lines_of(painted) if lines is None else lines & lines_of(painted)
    # Those that the cursor leaves and reaches; where there are no numbers yet, the others stand elsewhere.
    lines = set(sorted(lines)[:2])
    print(f"one cursor step: {sum(sizes) // len(sizes)} bytes, at most {max(sizes)}", flush=True)
    report("key to paint, nothing else running", steps(program, lines, 5))
    before, end, arrived = program.cpu(), time.perf_counter() + 10, 0
    while time.perf_counter() < end:
        arrived += len(program.read(end - time.perf_counter()))
    print(f"idle for 10 s: {arrived} bytes, {program.cpu() - before:.2f} s of CPU time", flush=True)
    program.end()

    # It takes about as long as this; each time the cache folder is empty.
    times, busy = [], 0
    for _ in range(5):
        program = Program(binary, data)
        program.open_segment()
        before = program.cpu()
        times += steps(program, lines, 1.5)
        busy += program.cpu() - before
        program.end()
    report(f"key to paint, reading ahead ({busy / 7.5:.1f} cores busy)", sorted(times))

    # With no memory every edit reads the tables again.
    program = Program(binary, data, "--memory", "0B")
    program.open_segment()
    program.quiet(5)
    before = program.cpu()
    times = steps(program, lines, 10, meanwhile=" ")
    report(f"key to paint, numbers under way ({(program.cpu() - before) / 10:.1f} cores busy)", times)
    program.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
