using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>The attempts of a job on one row: each from its start, marked with its number, to its
/// end.</summary>
internal static class AttemptStrip
{
    /// <param name="until">The right edge, in µs.</param>
    /// <returns>Empty: there has been only one attempt.</returns>
    public static string Of(JobDetail job, long until, int width)
    {
        var spans = Spans(job, until).ToList();
        if (spans.Count < 2 || width < 1)
            return "";
        var from = spans[0].From;
        if (until <= from)
            return "";
        var cells = new char[width];
        Array.Fill(cells, ' ');
        foreach (var span in spans)
            Draw(cells, span, at => (int)((double)(at - from) / (until - from) * (width - 1)));
        return new string(cells).TrimEnd();
    }

    private static void Draw(char[] cells, Span span, Func<long, int> columnOf)
    {
        var (left, right) = (columnOf(span.From), columnOf(span.To));
        cells.AsSpan(left, right - left + 1).Fill('─');
        cells[right] = span.End;
        // The number is visible even if an attempt takes one column.
        var number = span.Number.ToString(CultureInfo.InvariantCulture);
        number.AsSpan(0, Math.Min(number.Length, cells.Length - left)).CopyTo(cells.AsSpan(left));
    }

    private static IEnumerable<Span> Spans(JobDetail job, long until)
    {
        foreach (var past in job.Attempts.Where(a => a.Started > 0 && a.Attempt != job.Attempt))
            yield return new(
                past.Attempt,
                past.Started,
                Math.Max(past.Started, past.Finished),
                '✗'
            );
        if (job.Started > 0)
            yield return new(job.Attempt, job.Started, Math.Max(job.Started, until), EndOf(job));
    }

    private static char EndOf(JobDetail job) =>
        job.Status switch
        {
            Status.Done => '✓',
            _ when job.Status.IsBad() => '✗',
            _ => '●',
        };

    private readonly record struct Span(int Number, long From, long To, char End);
}
