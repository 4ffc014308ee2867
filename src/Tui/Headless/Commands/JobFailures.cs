using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Reasons;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Formats job failures.</summary>
internal static class JobFailures
{
    /// <summary>A message does not wait longer for its details: the node may be gone.</summary>
    public static readonly TimeSpan DetailsLimit = TimeSpan.FromSeconds(5);

    private const int Lines = 10;
    private const int Characters = 4_000;

    /// <summary>For example, <c>Job 7 ended with status error: exit 3.</c></summary>
    public static CommandError Of(JobDetail job) =>
        CommandError.JobFailure(JobFailureText.Of(job), new Jid(job.Jid)) with
        {
            Next = JobFailureText.NextStep(job),
        };

    /// <summary>The failure of a job with the end of its stderr and the next step; any other error
    /// as it is.</summary>
    public static async Task<CommandError> WithDetailsAsync(
        CloudConnection cloud,
        CommandError error
    )
    {
        if (error.Kind != ErrorKinds.BadEnd || error.Jid == 0)
            return error;
        try
        {
            var request = new InfoRequest
            {
                Jobs = JidRuns.One(error.Jid),
                Items = { "status", "attempt", "stderr" },
            };
            var job = await JobDetails.ReadAsync(cloud, request).WaitAsync(DetailsLimit);
            return error with { Stderr = EndOf(job.Stderr), Next = JobFailureText.NextStep(job) };
        }
        catch (Exception failure) when (failure is RpcException or TimeoutException)
        {
            // The failure itself is what the user must see.
            return error;
        }
    }

    /// <summary>The last lines of a text, without its last line end.</summary>
    public static string EndOf(string text)
    {
        text = text.TrimEnd('\n', '\r');
        var start = text.Length;
        for (var line = 0; line < Lines && start >= 0; line++)
            start = start == 0 ? -1 : text.LastIndexOf('\n', start - 1);
        start = Math.Max(start + 1, text.Length - Characters);
        if (start > 0 && start < text.Length && char.IsLowSurrogate(text[start]))
            start++;
        return text[start..];
    }
}
