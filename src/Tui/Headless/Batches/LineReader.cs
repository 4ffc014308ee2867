namespace JobCloud.Tui.Headless.Batches;

/// <summary>Reads the lines of a stream without copying them.</summary>
internal sealed class LineReader(Stream input)
{
    private const int FirstSize = 1 << 16;
    private byte[] _buffer = new byte[FirstSize];
    private int _start;
    private int _end;
    private int _searched;
    private bool _finished;

    /// <summary>The next line that was read, without its newline; at the end of the input, the
    /// rest. It is valid until <see cref="FillAsync"/>.</summary>
    public bool TryNext(out ReadOnlyMemory<byte> line)
    {
        var newline = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (newline >= 0)
        {
            line = _buffer.AsMemory(_start, _searched + newline - _start);
            _start = _searched = _searched + newline + 1;
            return true;
        }
        _searched = _end;
        line = _buffer.AsMemory(_start, _end - _start);
        if (!_finished || line.IsEmpty)
            return false;
        _start = _end;
        return true;
    }

    /// <summary>Reads more input; false at its end.</summary>
    public async ValueTask<bool> FillAsync()
    {
        if (_finished)
            return false;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_searched, _end, _start) = (_searched - _start, _end - _start, 0);
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await input.ReadAsync(_buffer.AsMemory(_end));
        _end += read;
        _finished = read == 0;
        return !_finished || _end > _start;
    }
}
