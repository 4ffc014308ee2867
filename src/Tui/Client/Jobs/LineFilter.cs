using JobCloud.Protocol.Api;

namespace JobCloud.Client.Jobs;

/// <summary>The lines of an output to print; the node finds them.</summary>
/// <param name="IsCount">Only their number is wanted.</param>
internal sealed record LineFilter(string Pattern, bool IsRegex, bool IsCount)
{
    public SearchRequest Of(OutputRequest output) =>
        new()
        {
            Output = output,
            Pattern = Pattern,
            Regex = IsRegex,
            Texts = !IsCount,
        };
}
