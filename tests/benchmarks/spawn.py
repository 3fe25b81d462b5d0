"""A small process that starts one measured child: `python -I -S spawn.py OUT ERR COMMAND…`.

A child's peak memory as the kernel tells it is never below that of the process it was forked from.
So this file imports next to nothing, and prints what the child cost: wall, user and system seconds,
peak KiB, exit code.
"""

import os
import sys
from time import perf_counter


def main() -> None:
    out, err, *command = sys.argv[1:]
    writing = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, writing, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, err, writing, 0o600),
    ]
    begin = perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=files)
    _, status, used = os.wait4(child, 0)
    wall = perf_counter() - begin
    code = os.waitstatus_to_exitcode(status)
    print(wall, used.ru_utime, used.ru_stime, used.ru_maxrss, code)


main()
