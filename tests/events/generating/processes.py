import subprocess

import psutil


def kill_a_writer(command: subprocess.Popen[bytes]) -> None:
    writer = next(
        process
        for process in psutil.Process(command.pid).children(recursive=True)
        if "spawn_main" in " ".join(process.cmdline())
    )
    writer.kill()
