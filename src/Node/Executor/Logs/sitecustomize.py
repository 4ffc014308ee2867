"""What a Python job logs, and what it spends its time in, without the job's knowing.

Found first in PYTHONPATH, by the module site. Records of logging are appended to $JOBCLOUD_LOG:
those that the job's own loggers let through, and all of $JOBCLOUD_LOG_LEVEL (default INFO) or
above (OFF: none). What the job itself shows stays as it is: no handler is added, no level is changed, and
logging is not imported before the job does. With $JOBCLOUD_PROFILE, the profile of the main
thread is appended there at exit.
"""

import sys


def _become_next():
    """Runs the sitecustomize that this one hides, if there is one."""
    this = sys.modules.pop(__name__, None)
    folder = __file__.rpartition("/")[0]
    sys.path[:] = [path for path in sys.path if path != folder]
    try:
        __import__(__name__)
    except ImportError as error:
        if getattr(error, "name", __name__) != __name__:
            raise
    finally:
        sys.modules.setdefault(__name__, this)


def _append(path, text):
    """Opened for each text: a job may close descriptors that are not its own, or fork."""
    import os

    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
    fd = os.open(path, flags, 0o600)
    try:
        os.write(fd, text.encode("utf-8", "backslashreplace"))
    finally:
        os.close(fd)


def _capture(logging, path, least):
    """Has each record written to the file on its way to the job's own handlers."""
    from sys import _getframe

    logger = logging.Logger
    log_code, names = logger._log.__code__, logger._log.__globals__
    is_enabled, handle, call_handlers = logger.isEnabledFor, logger.handle, logger.callHandlers
    style = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def write(record):
        try:
            # A copy: what is remembered in a record when it is formatted would show elsewhere.
            copy = logging.LogRecord.__new__(logging.LogRecord)
            copy.__dict__.update(record.__dict__, exc_text=None)
            _append(path, style.format(copy) + "\n")
        except Exception:
            pass  # A record that cannot be written must not harm the job.

    def is_enabled_or_captured(self, level):
        if is_enabled(self, level):
            return True
        if level < least or level <= self.manager.disable:
            return False
        # The job's own questions get the job's own answers.
        return _getframe(1).f_globals is names

    def handle_or_capture(self, record):
        if _getframe(1).f_code is not log_code or is_enabled(self, record.levelno):
            return handle(self, record)
        try:
            kept = self.filter(record)
            if kept:
                write(kept if isinstance(kept, logging.LogRecord) else record)
        except Exception:
            pass

    def write_and_call_handlers(self, record):
        write(record)
        return call_handlers(self, record)

    logger.isEnabledFor = is_enabled_or_captured
    logger.handle = handle_or_capture
    logger.callHandlers = write_and_call_handlers


class _Awaited(object):
    """Acts once a module was imported, and is asked for no other."""

    def __init__(self, name, act):
        self.name, self.act = name, act

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        sys.meta_path.remove(self)
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                self._follow(spec.loader)
                return spec
        return None

    def _follow(self, loader):
        run = loader.exec_module

        def exec_module(module):
            del loader.exec_module
            run(module)
            _quietly(self.act, module)

        loader.exec_module = exec_module


def _profile(path):
    """Appends where the time went, dearest first, once the job ends."""
    import atexit
    import cProfile
    import io
    import os
    import pstats

    profile, pid, rows = cProfile.Profile(), os.getpid(), 200

    def tell():
        profile.disable()
        if os.getpid() != pid:
            return
        text = io.StringIO()
        text.write("cProfile of process %d: %s\n" % (pid, " ".join(sys.argv)))
        pstats.Stats(profile, stream=text).sort_stats("cumulative").print_stats(rows)
        _append(path, text.getvalue())

    atexit.register(_quietly, tell)
    profile.enable()


def _quietly(act, *arguments):
    try:
        act(*arguments)
    except Exception:
        pass


def _await_logging():
    from os import environ

    log = environ.get("JOBCLOUD_LOG")
    level = environ.get("JOBCLOUD_LOG_LEVEL", "").upper()
    if log and level != "OFF":
        levels = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
        least = levels.get(level, 20)

        def capture(logging):
            _capture(logging, log, least)

        if "logging" in sys.modules:
            capture(sys.modules["logging"])
        else:
            sys.meta_path.insert(0, _Awaited("logging", capture))


def _await_end():
    from os import environ

    if "JOBCLOUD_PROFILE" in environ:
        _profile(environ["JOBCLOUD_PROFILE"])


if sys.version_info >= (3, 6):
    _quietly(_await_logging)
_become_next()
if sys.version_info >= (3, 6):
    _quietly(_await_end)
