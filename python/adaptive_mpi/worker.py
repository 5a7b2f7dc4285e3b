"""The process beside a leaf in which a Python function runs: `python3 -m adaptive_mpi.worker`.

adaptive-mpi starts it, once for each leaf, with a socket as descriptor 3. Over it come frames with
points and go frames with values; Sources/Evaluators/Worker/WorkerMessages.swift says what is in
them. What the function prints goes to the leaf's log. Nothing but the standard library is needed.
"""

import importlib
import importlib.util
import inspect
import os
import signal
import socket
import struct
import sys
import traceback

VERSION = 2
START, READY, REFUSED, POINTS, RESULTS, STOP = 1, 2, 3, 4, 5, 6
RAISED, WRONG_COUNT = 1, 3

FRAME_BYTES_MAX = 1 << 30
TEXT_BYTES_MAX = 512
SOCKET = 3


class Refusal(Exception):
    """The function cannot be used; the text is for the user."""


class ProtocolError(Exception):
    """The leaf said what no leaf says."""


class Reader:
    """Takes numbers and texts out of a frame, one after another."""

    def __init__(self, body):
        self.body = body
        self.offset = 0

    def take(self, form):
        values = struct.unpack_from("<" + form, self.body, self.offset)
        self.offset += struct.calcsize("<" + form)
        return values[0]

    def text(self):
        count = self.take("I")
        if count > len(self.body) - self.offset:
            raise ProtocolError("a text is cut off")
        end = self.offset + count
        text = bytes(self.body[self.offset:end]).decode("utf-8")
        self.offset = end
        return text

    def texts(self):
        return [self.text() for _ in range(self.take("I"))]


class Connection:
    """Whole frames over the leaf's socket."""

    def __init__(self):
        self.socket = socket.socket(fileno=SOCKET)
        self.socket.set_inheritable(False)

    def send(self, kind, body=b""):
        self.socket.sendall(struct.pack("<IBBH", len(body), kind, VERSION, 0) + body)

    def say(self, kind, text):
        body = text.encode("utf-8", "replace")
        self.send(kind, struct.pack("<I", len(body)) + body)

    def receive(self):
        """Kind and body; None if the leaf is gone."""
        head = self.bytes(8)
        if head is None:
            return None
        count, kind, version, _ = struct.unpack("<IBBH", head)
        if version != VERSION:
            raise ProtocolError(
                "the worker protocol has version %d here and %d in adaptive-mpi: install both "
                "from one release" % (VERSION, version))
        if count > FRAME_BYTES_MAX:
            raise ProtocolError("a frame of %d bytes" % count)
        body = self.bytes(count)
        return None if body is None else (kind, body)

    def bytes(self, count):
        body = bytearray(count)
        view = memoryview(body)
        filled = 0
        while filled < count:
            got = self.socket.recv_into(view[filled:])
            if got == 0:
                return None
            filled += got
        return body


class Learner:
    """A learner as far as the function is concerned."""

    def __init__(self, reader):
        self.name = reader.text()
        self.dimension = reader.take("I")
        self.value_count = reader.take("I")
        self.parameters = {}
        for _ in range(reader.take("I")):
            name = reader.text()
            self.parameters[name] = reader.take("d")
        # Names and sizes of the parts of a value.
        self.outputs = []
        for _ in range(reader.take("I")):
            name = reader.text()
            self.outputs.append((name, reader.take("I")))
        self.point_form = struct.Struct("<%dd" % self.dimension)
        self.value_form = struct.Struct("<B%dd" % self.value_count)


class Start:
    """What the leaf says first."""

    def __init__(self, body):
        reader = Reader(body)
        self.function = reader.text()
        self.rank = reader.take("q")
        self.rank_count = reader.take("q")
        self.settings = {}
        for _ in range(reader.take("I")):
            key = reader.text()
            self.settings[key] = reader.texts()
        self.learners = [Learner(reader) for _ in range(reader.take("I"))]

    def setting(self, key):
        values = self.settings.get(key)
        return values[0] if values else None


def load(start):
    """The user's function and, if it has one, its set-up, from a module or a file."""
    path = start.setting("file")
    module_name = start.setting("module")
    folder = start.setting("folder")
    # The folder of this script or the working directory is no place to import from.
    sys.path[0] = folder
    where = "Python %s (%s)" % (sys.version.split()[0], sys.executable)
    try:
        if path is not None:
            sys.path.insert(0, os.path.dirname(path))
            module_name = os.path.splitext(os.path.basename(path))[0]
            spec = importlib.util.spec_from_file_location(module_name, path)
            if spec is None:
                raise Refusal("%s: a Python file must end with .py" % path)
            module = importlib.util.module_from_spec(spec)
            sys.modules[module_name] = module
            spec.loader.exec_module(module)
        else:
            module = importlib.import_module(module_name)
    except Refusal:
        raise
    except BaseException as error:
        traceback.print_exc()
        raise Refusal(
            "importing '%s' in %s: %s" % (path or module_name, where, describe(error))) from None
    place = path or module_name
    set_up = start.setting("set_up")
    return (find(module, place, start.setting("name")),
            None if set_up is None else find(module, place, set_up))


def find(module, place, name):
    """What stands under a name in a module; it can be called."""
    function = module
    for part in name.split("."):
        if not hasattr(function, part):
            names = sorted(n for n, f in vars(module).items()
                           if callable(f) and not n.startswith("_"))
            raise Refusal("'%s' has no '%s'; callable there: %s" % (
                place, name, ", ".join(names[:20]) or "nothing"))
        function = getattr(function, part)
    if not callable(function):
        raise Refusal("'%s' of '%s' is a %s, and cannot be called" % (
            name, place, type(function).__name__))
    return function


def takes_seed(function, learners):
    """Whether the function wants a seed; refuses parameters that it does not take."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return False
    wants = "seed" in signature.parameters
    for learner in learners:
        keywords = dict(learner.parameters)
        if wants and "seed" not in keywords:
            keywords["seed"] = 0
        try:
            signature.bind(None, **keywords)
        except TypeError as error:
            raise Refusal(
                "learner '%s': the function takes %s, and is to be called with a point and %s: %s"
                % (learner.name, signature, ", ".join(keywords) or "no parameters", error)) from None
    return wants


def describe(error):
    """An exception in one line: what, and where it was raised."""
    lines = traceback.format_exception_only(type(error), error)
    text = " ".join(line.strip() for line in lines)
    places = ["%s:%d in %s" % (os.path.basename(frame.filename), frame.lineno, frame.name)
              for frame in traceback.extract_tb(error.__traceback__)
              if frame.filename != __file__ and "importlib" not in frame.filename]
    if places:
        text += " (%s)" % ", called from ".join(reversed(places[-3:]))
    return text


def numbers(value):
    """The floats in what a function returned, complex ones as two."""
    if isinstance(value, float):
        return [float(value)]
    if isinstance(value, complex):
        return [value.real, value.imag]
    if isinstance(value, int):
        return [float(value)]
    if hasattr(value, "tolist"):
        value = value.tolist()
        if not isinstance(value, list):
            return numbers(value)
    if isinstance(value, (list, tuple)):
        found = []
        for element in value:
            found += numbers(element)
        return found
    if hasattr(value, "__float__"):
        return [float(value)]
    raise TypeError(
        "the function returned %s (%.60r); allowed: a float, int or complex, "
        "an array, list or tuple of them" % (type(value).__name__, value))


def failure(kind, text):
    body = "".join(c if c.isprintable() else " " for c in text).encode("utf-8", "replace")
    # The text may not end within a character.
    body = body[:TEXT_BYTES_MAX].decode("utf-8", "ignore").encode("utf-8")
    return struct.pack("<BI", kind, len(body)) + body


def named(value, learner):
    """The floats in a dictionary of outputs, in their order; or the bytes of a failure."""
    if not learner.outputs:
        return failure(WRONG_COUNT, "the function returned a dictionary; give the campaign's "
                       "outputs names to have its values kept: outputs: [%s]"
                       % ", ".join(map(str, value)))
    names = [name for name, _ in learner.outputs]
    if set(value) != set(names):
        return failure(WRONG_COUNT, "the function returned %s; the campaign's outputs: %s" % (
            ", ".join(map(str, value)) or "an empty dictionary", ", ".join(names)))
    found = []
    for name, size in learner.outputs:
        part = numbers(value[name])
        if len(part) != size:
            return failure(WRONG_COUNT, "the function returned %d numbers for '%s'; the campaign "
                           "has %d" % (len(part), name, size))
        found += part
    return found


def packed(value, learner):
    """A value's bytes, or those of the failure that it is."""
    found = named(value, learner) if isinstance(value, dict) else numbers(value)
    if isinstance(found, bytes):
        return found
    if len(found) != learner.value_count:
        return failure(WRONG_COUNT, "the function returned %d numbers; the campaign's outputs: %d"
                       % (len(found), learner.value_count))
    return learner.value_form.pack(0, *found)


class Host:
    """The function, and how it is called."""

    def __init__(self, start):
        self.function, set_up = load(start)
        self.learners = start.learners
        self.wants_seed = takes_seed(self.function, self.learners)
        self.is_batch = start.setting("batch") is not None
        self.numpy = None
        if self.is_batch:
            try:
                self.numpy = importlib.import_module("numpy")
            except ImportError:
                pass
        if set_up is not None:
            try:
                set_up()
            except BaseException as error:
                traceback.print_exc()
                raise Refusal("setting up with '%s': %s" % (
                    start.setting("set_up"), describe(error))) from None

    def evaluate(self, body):
        reader = Reader(body)
        learner = self.learners[reader.take("I")]
        count = reader.take("I")
        dimension = reader.take("I")
        seeds_at = reader.offset
        points_at = seeds_at + 8 * count
        if dimension != learner.dimension or len(body) != points_at + 8 * count * dimension:
            raise ProtocolError("%d points of dimension %d in %d bytes" % (
                count, dimension, len(body)))
        seeds = struct.unpack_from("<%dQ" % count, body, seeds_at) if self.wants_seed else None
        if self.is_batch:
            results = self.batch(learner, body, points_at, count, seeds)
        else:
            results = self.each(learner, body, points_at, count, seeds)
        return b"".join([struct.pack("<II", 0, count)] + results)

    def each(self, learner, body, offset, count, seeds):
        function = self.function
        keywords = dict(learner.parameters)
        form = learner.point_form
        is_scalar = learner.dimension == 1
        is_single = learner.value_count == 1
        value_form = learner.value_form
        gives_seed = seeds is not None and "seed" not in keywords
        results = []
        for index in range(count):
            point = form.unpack_from(body, offset + index * form.size)
            if gives_seed:
                keywords["seed"] = seeds[index]
            try:
                value = function(point[0] if is_scalar else point, **keywords)
                if is_single and type(value) is float:
                    results.append(value_form.pack(0, value))
                else:
                    results.append(packed(value, learner))
            except BaseException as error:
                traceback.print_exc()
                results.append(failure(RAISED, describe(error)))
        return results

    def batch(self, learner, body, offset, count, seeds):
        """All points in one call; one by one if that raises, so that it is known which does."""
        try:
            return self.call(learner, body, offset, count, seeds)
        except BaseException as error:
            traceback.print_exc()
            if count == 1:
                return [failure(RAISED, describe(error))]
        size = learner.point_form.size
        results = []
        for index in range(count):
            one = None if seeds is None else seeds[index:index + 1]
            results += self.batch(learner, body, offset + index * size, 1, one)
        return results

    def call(self, learner, body, offset, count, seeds):
        keywords = dict(learner.parameters)
        dimension = learner.dimension
        if self.numpy is not None:
            points = self.numpy.frombuffer(
                body, dtype="<f8", count=count * dimension, offset=offset).reshape(count, dimension)
        else:
            points = [list(learner.point_form.unpack_from(body, offset + 8 * dimension * index))
                      for index in range(count)]
        if seeds is not None and "seed" not in keywords:
            keywords["seed"] = list(seeds)
        values = self.function(points, **keywords)
        if hasattr(values, "tolist"):
            values = values.tolist()
        if not isinstance(values, (list, tuple)) or len(values) != count:
            found = "%d values" % len(values) if isinstance(values, (list, tuple)) else repr(values)
            return [failure(WRONG_COUNT, "the function returned %.60s for %d points; allowed: an "
                            "array or list with one value for each" % (found, count))] * count
        return [packed(value, learner) for value in values]


def end_with_leaf():
    """Has the system kill this process when its leaf dies: prctl(PR_SET_PDEATHSIG)."""
    try:
        import ctypes
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        pass


def main():
    end_with_leaf()
    try:
        connection = Connection()
    except OSError:
        sys.exit("adaptive_mpi.worker is started by adaptive-mpi, with a socket as descriptor 3")
    message = connection.receive()
    if message is None:
        return
    try:
        if message[0] != START:
            raise ProtocolError("the leaf begins with message %d" % message[0])
        host = Host(Start(message[1]))
    except (Refusal, ProtocolError) as refusal:
        connection.say(REFUSED, str(refusal))
        return
    connection.say(READY, "Python %s, %s" % (sys.version.split()[0], sys.executable))
    while True:
        message = connection.receive()
        if message is None or message[0] == STOP:
            return
        if message[0] != POINTS:
            raise ProtocolError("the leaf said message %d" % message[0])
        connection.send(RESULTS, host.evaluate(message[1]))


if __name__ == "__main__":
    main()
