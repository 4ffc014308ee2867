using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Invocations;

namespace JobCloud.Tui.Headless.Jobs;

/// <summary>Reads the query of a command.</summary>
internal static class QueryWords
{
    /// <summary>The query of the words. If they are a jid list, they mean what they mean in all
    /// other commands: the jobs of each.</summary>
    public static async Task<Parsed<Query>> ReadAsync(Invocation call, string[] words)
    {
        var jobs = words is ["-"]
            ? await call.ReadJobsAsync()
            : JidNotation.Parse(string.Join(',', words));
        if (jobs.Ok)
            return new Query(new QueryNode.Jobs(jobs.Value.Items), [], null);
        if (words is ["-"])
            return jobs.Error;
        var parsed = QueryParser.Parse(string.Join(' ', words));
        return parsed.Ok ? parsed.Value : parsed.Errors[0];
    }
}
