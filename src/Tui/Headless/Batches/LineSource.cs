namespace JobCloud.Tui.Headless.Batches;

/// <summary>The lines of a stream, without copying them.</summary>
internal sealed class LineSource(Stream input)
{
    private const int FirstSize = 1 << 16;
    private byte[] buffer = new byte[FirstSize];
    private int start;
    private int end;
    private int searched;
    private bool finished;

    /// <summary>
    /// The next line that is here already, without its newline; at the end of the input, what is left.
    /// It is valid until <see cref="FillAsync"/>.
    /// </summary>
    public bool TryNext(out ReadOnlyMemory<byte> line)
    {
        var newline = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
        if (newline >= 0)
        {
            line = buffer.AsMemory(start, searched + newline - start);
            start = searched = searched + newline + 1;
            return true;
        }
        searched = end;
        line = buffer.AsMemory(start, end - start);
        if (!finished || line.IsEmpty)
            return false;
        start = end;
        return true;
    }

    /// <summary>Reads more; false at the end of the input.</summary>
    public async ValueTask<bool> FillAsync()
    {
        if (finished)
            return false;
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (searched, end, start) = (searched - start, end - start, 0);
        if (end == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var read = await input.ReadAsync(buffer.AsMemory(end));
        end += read;
        finished = read == 0;
        return !finished || end > start;
    }
}
