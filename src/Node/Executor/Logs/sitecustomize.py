"""Captures the log records, the tracebacks and the profile of an unmodified Python job.

The module site imports this file because its folder comes first in PYTHONPATH. Log records are
appended to $JOBCLOUD_LOG: those that the job's own loggers pass, and all of $JOBCLOUD_LOG_LEVEL
(default INFO) or above (OFF: none). The job's own output is unchanged: this module adds no handler,
changes no level and does not import logging before the job does. If $JOBCLOUD_PROFILE is set, the
profile of the main thread is appended to that file at exit.

$JOBCLOUD_EXCEPTION gets the traceback of an exception that ends the process and, when SIGTERM
arrives, the stacks of all threads. The exit status and the job's own handlers stay the same.
"""

import sys


def _run_hidden_sitecustomize():
    """Runs the sitecustomize module that this one hides, if any."""
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


def _open(path):
    import os

    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _append(path, text, limit=None):
    """Opens the file for each text, because a job may fork or close descriptors it did not open.

    A text that would make the file longer than the limit in bytes replaces it.
    """
    import os

    data = text.encode("utf-8", "backslashreplace")
    fd = _open(path)
    try:
        if limit is not None and os.fstat(fd).st_size + len(data) > limit:
            os.ftruncate(fd, 0)
        os.write(fd, data)
    finally:
        os.close(fd)


def _capture(logging, path, min_level):
    """Writes each record to the file before the job's own handlers get it."""
    from sys import _getframe

    logger = logging.Logger
    log_code, names = logger._log.__code__, logger._log.__globals__
    is_enabled, handle, call_handlers = logger.isEnabledFor, logger.handle, logger.callHandlers
    style = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def write(record):
        try:
            # Formats a copy: formatting caches text in a record, which other handlers would see.
            copy = logging.LogRecord.__new__(logging.LogRecord)
            copy.__dict__.update(record.__dict__, exc_text=None)
            _append(path, style.format(copy) + "\n")
        except Exception:
            pass  # A failed write must not affect the job.

    def is_enabled_or_captured(self, level):
        if is_enabled(self, level):
            return True
        if level < min_level or level <= self.manager.disable:
            return False
        # A call by the job itself gets the original result.
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


class _AfterImport(object):
    """An import hook that calls a function after one module was imported."""

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


def _capture_exception(path):
    """Writes the traceback of an exception that ends the process, before it is printed."""
    hook, limit = sys.excepthook, 1 << 20

    def write(kind, value, trace):
        import os
        import traceback

        lines = traceback.format_exception(kind, value, trace)
        title = "process %d: %s\n" % (os.getpid(), " ".join(sys.argv))
        _append(path, title + "".join(lines)[-limit // 2 :], limit)

    def write_and_call_hook(kind, value, trace):
        _quietly(write, kind, value, trace)
        hook(kind, value, trace)

    sys.excepthook = write_and_call_hook


def _high_copy(fd):
    """Moves a descriptor to a high number, which a job that closes it is unlikely to reuse."""
    import os

    for number in (1000, 240, 60):
        try:
            os.fstat(number)
        except OSError:
            try:
                os.dup2(fd, number, inheritable=False)
            except OSError:
                continue  # The number is above the limit of open files.
            os.close(fd)
            return number
    return fd


def _capture_termination(path):
    """Writes the stacks of all threads when SIGTERM arrives, then does what the job wants."""
    import faulthandler

    import _signal

    fd, change, number = _high_copy(_open(path)), _signal.signal, _signal.SIGTERM

    def register():
        faulthandler.register(number, file=fd, all_threads=True, chain=True)

    def signal(signalnum, handler):
        if signalnum != number:
            return change(signalnum, handler)
        # Restores the handler below, which the job's call then replaces.
        faulthandler.unregister(number)
        try:
            return change(signalnum, handler)
        finally:
            _quietly(register)
            # The job's handler must interrupt system calls, as it would without this module.
            _quietly(_signal.siginterrupt, number, True)

    register()
    for name in ("__doc__", "__module__", "__qualname__"):
        setattr(signal, name, getattr(change, name))
    # The module signal calls this one.
    _signal.signal = signal


def _profile(path):
    """Appends the profile, sorted by cumulative time, when the job ends."""
    import atexit
    import cProfile
    import io
    import os
    import pstats

    profile, pid, rows = cProfile.Profile(), os.getpid(), 200

    def write_profile():
        profile.disable()
        if os.getpid() != pid:
            return
        text = io.StringIO()
        text.write("cProfile of process %d: %s\n" % (pid, " ".join(sys.argv)))
        pstats.Stats(profile, stream=text).sort_stats("cumulative").print_stats(rows)
        _append(path, text.getvalue())

    atexit.register(_quietly, write_profile)
    profile.enable()


def _quietly(act, *arguments):
    try:
        act(*arguments)
    except Exception:
        pass


def _capture_logging():
    from os import environ

    log = environ.get("JOBCLOUD_LOG")
    level = environ.get("JOBCLOUD_LOG_LEVEL", "").upper()
    if log and level != "OFF":
        levels = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
        min_level = levels.get(level, 20)

        def capture(logging):
            _capture(logging, log, min_level)

        if "logging" in sys.modules:
            capture(sys.modules["logging"])
        else:
            sys.meta_path.insert(0, _AfterImport("logging", capture))


def _capture_tracebacks():
    from os import environ

    path = environ.get("JOBCLOUD_EXCEPTION")
    if path:
        _capture_exception(path)
        _capture_termination(path)


def _start_profile():
    from os import environ

    if "JOBCLOUD_PROFILE" in environ:
        _profile(environ["JOBCLOUD_PROFILE"])


if sys.version_info >= (3, 6):
    _quietly(_capture_logging)
    _quietly(_capture_tracebacks)
_run_hidden_sitecustomize()
if sys.version_info >= (3, 6):
    _quietly(_start_profile)
