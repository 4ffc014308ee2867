using System.Globalization;

namespace JobCloud.Client;

/// <summary>Jobs that were submitted together.</summary>
/// <param name="First">The jid of the first; 0 after a dry run.</param>
/// <param name="Last">The jid of the last; of one job the same.</param>
/// <param name="Note">Why no node can run them now; null: one can.</param>
public sealed record SubmittedJobs(long First, long Last, string? Note)
{
    /// <summary>The number of jobs; 0 after a dry run.</summary>
    public long Count => First == 0 ? 0 : Last - First + 1;

    /// <summary>The jobs as a jid list, such as <c>7</c> or <c>8-17</c>.</summary>
    public string Jids =>
        First == Last
            ? First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
