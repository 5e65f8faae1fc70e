"""nginx on a port of localhost, with the configuration that is shipped with a site."""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

MAIN = """
include /etc/nginx/modules-enabled/*.conf;
worker_processes auto;
worker_rlimit_nofile 8192;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  include /etc/nginx/mime.types;
  access_log off;
  include {folder}/site.conf;
}}
"""


class Nginx:
    """A running server: its address, and the process that can be told to reload or to die."""

    def __init__(self, site, folder, configuration):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address, self.folder = f"http://127.0.0.1:{port}/", folder
        text = configuration.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/var/www/site", str(site))
        (folder / "site.conf").write_text(text, encoding="utf-8")
        (folder / "main.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")
        if os.getuid() == 0:  # its workers are not root
            for path in (folder, *folder.parents, Path(site), *Path(site).parents):
                if not path.stat().st_mode & 0o001:
                    path.chmod(path.stat().st_mode | 0o011)

    def check(self):
        """Return what `nginx -t` says if it finds something wrong, or ''."""
        done = self._run("-t")
        return "" if done.returncode == 0 and "[warn]" not in done.stderr else done.stderr

    def start(self):
        done = self._run()
        assert done.returncode == 0, done.stderr
        self._wait(True)

    def reload(self):
        done = self._run("-s", "reload")
        assert done.returncode == 0, done.stderr

    def kill(self):
        """Kill the server and all of its workers at once, as a crash would."""
        os.kill(self.pid, signal.SIGSTOP)  # or it would start another worker meanwhile, in the place of one that has ended
        for pid in [self.pid, *self._workers()]:
            with suppress(ProcessLookupError):  # one that a reload has told to end may have ended by now
                os.kill(pid, signal.SIGKILL)
        self._wait(False)

    def kill_a_worker(self):
        """Kill one worker, which the server replaces."""
        os.kill(max(self._workers()), signal.SIGKILL)  # the newest: others may be ending, as a reload has told them to

    def _workers(self):
        said = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.pid)], capture_output=True, text=True).stdout
        return [int(pid) for pid in said.split()]

    def stop(self):
        if (self.folder / "pid").is_file():
            self._run("-s", "stop")
            self._wait(False)

    @property
    def pid(self):
        return int((self.folder / "pid").read_text())

    def _run(self, *arguments):
        return subprocess.run(
            [found(), "-c", str(self.folder / "main.conf"), "-e", str(self.folder / "error.log"), *arguments],
            capture_output=True,
            text=True,
        )

    def _wait(self, up):
        port = int(self.address.rstrip("/").rpartition(":")[2])
        for _ in range(200):
            with socket.socket() as probe:
                if (probe.connect_ex(("127.0.0.1", port)) == 0) == up:
                    return
            time.sleep(0.05)
        raise AssertionError(f"nginx is {'not up' if up else 'still up'}: {(self.folder / 'error.log').read_text()}")


def found():
    """Return the path of nginx, or None; Debian keeps it where only root looks."""
    path = shutil.which("nginx", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    return path if Path("/etc/nginx/modules-enabled/50-mod-http-brotli-static.conf").exists() else None


@contextmanager
def running(site, folder, configuration=None):
    """Serve a site with its own nginx.conf, or another one."""
    server = Nginx(site, Path(folder), configuration or (Path(site) / "nginx.conf").read_text(encoding="utf-8"))
    server.start()
    try:
        yield server
    finally:
        server.stop()
