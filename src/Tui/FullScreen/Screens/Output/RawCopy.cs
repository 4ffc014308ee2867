using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Model.Output;

namespace JobCloud.Tui.FullScreen.Screens.Output;

/// <summary>Copies lines as the job wrote them: it reads their bytes again. A line whose bytes are
/// gone is copied as shown.</summary>
internal sealed class RawCopy(MainWindow window, Jid jid, int attempt, OutputChoice choice)
{
    // A character has at most four bytes, and there may be control sequences.
    private const int MaxBytes = 8 * Effect.Copy.MaxLength;

    public async Task<string> ReadAsync(IReadOnlyList<TextLine> lines)
    {
        var texts = lines.Select(line => line.Text).ToArray();
        for (var i = 0; i < choice.Streams.Length; i++)
        {
            var source = (LineSource)i;
            var places = Enumerable
                .Range(0, lines.Count)
                .Where(place => lines[place].Source == source)
                .ToList();
            if (places.Count == 0)
                continue;
            var first = places.Min(place => lines[place].Offset);
            var last = places.Max(place => lines[place].Offset);
            var (data, from) = await ReadAsync(choice.Streams[i], first, last)
                .ConfigureAwait(false);
            foreach (var place in places)
                texts[place] =
                    RawLine.Of(lines[place], data, from, OutputLoader.Limits.LineCharacters)
                    ?? texts[place];
        }
        return string.Join('\n', texts);
    }

    // Reads from an offset to the end of the line at another. Returns the offset of what there is.
    private async Task<(byte[] Data, long From)> ReadAsync(
        OutputStream stream,
        long first,
        long last
    )
    {
        var request = new OutputRequest
        {
            Jid = jid,
            Attempt = attempt,
            Stream = stream,
            Offset = first,
        };
        var (data, from) = (new MemoryStream(), first);
        var answers = window
            .Cloud.StreamAsync(CloudCalls.Output.With(request), window.Life)
            .ConfigureAwait(false);
        await foreach (var (chunk, _) in answers)
        {
            if (chunk is null)
                break;
            if (data.Length == 0)
                from = chunk.Offset;
            else if (chunk.Offset != from + data.Length && chunk.Data.Length > 0)
                break;
            var isBeyond = chunk.Offset + chunk.Data.Length > last;
            data.Write(chunk.Data.Span);
            if (chunk.End || data.Length > MaxBytes || (isBeyond && HasEnd(data, last - from)))
                break;
        }
        return (data.ToArray(), from);
    }

    private static bool HasEnd(MemoryStream data, long at) =>
        data.GetBuffer().AsSpan(0, (int)data.Length)[(int)Math.Max(0, at)..].Contains((byte)'\n');
}
