using System.Text;
using JobCloud.Tui.Headless.Batches;

namespace JobCloud.Tui.Tests.Headless.Batches;

public sealed class LineReaderTests
{
    /// <summary>Returns at most <paramref name="size"/> bytes per read, as a pipe can.</summary>
    private sealed class Drip(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken c = default
        ) => base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], c);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("a", 1)]
    [InlineData("a\n", 1)]
    [InlineData("a\nb", 1)]
    [InlineData("a\n\nlonger\n", 1)]
    [InlineData("a\n\nlonger\n", 3)]
    [InlineData("a\n\nlonger\n", 100)]
    public async Task Lines_do_not_depend_on_the_size_of_reads(string text, int size)
    {
        Assert.Equal(await ExpectedAsync(text), await LinesAsync(text, size));
    }

    [Fact]
    public async Task A_line_can_be_longer_than_the_buffer()
    {
        var text = new string('x', 200_000) + "\nend\n";

        Assert.Equal(await ExpectedAsync(text), await LinesAsync(text, 10_000));
    }

    private static async Task<List<string>> LinesAsync(string text, int size)
    {
        var source = new LineReader(new Drip(Encoding.UTF8.GetBytes(text), size));
        var lines = new List<string>();
        do
        {
            while (source.TryNext(out var line))
                lines.Add(Encoding.UTF8.GetString(line.Span));
        } while (await source.FillAsync());
        return lines;
    }

    private static async Task<List<string>> ExpectedAsync(string text)
    {
        var reader = new StringReader(text);
        var lines = new List<string>();
        while (await reader.ReadLineAsync() is { } line)
            lines.Add(line);
        return lines;
    }
}
