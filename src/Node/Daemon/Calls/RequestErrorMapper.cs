using Akka.Actor;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>Maps an unexpected exception to a refusal, and logs the failures of the store and the
/// node.</summary>
internal sealed class RequestErrorMapper(NodeLog log, StoreDamage damage)
{
    private const string Source = "requests";

    /// <summary>Names the damage of the store where it is the likely reason why a part of the cloud
    /// did not answer.</summary>
    public Refusal? Explain(Refusal? refusal) =>
        refusal is { Code: RefusalCode.StoreUnavailable } && damage.Sentence is { } sentence
            ? new Refusal { Code = RefusalCode.Internal, Message = sentence }
            : refusal;

    public Refusal RefusalOf(Exception e, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
            return new Refusal
            {
                Code = RefusalCode.Timeout,
                Message = "The client or the stopping node cancelled the request.",
            };
        if (StoreErrors.Flatten(e).OfType<RefusedException>().FirstOrDefault() is { } refused)
            return refused.Refusal;
        if (damage.Note(e))
            return new Refusal { Code = RefusalCode.Internal, Message = damage.Sentence! };
        if (StoreErrors.Flatten(e).OfType<AskTimeoutException>().Any())
            return new Refusal
            {
                Code = damage.Sentence is null ? RefusalCode.Busy : RefusalCode.Internal,
                Message =
                    damage.Sentence
                    ?? "A part of the cloud did not answer in time, perhaps because a node was just lost; try again in a moment.",
            };
        if (StoreErrors.Find(e) is { } error)
        {
            log.WriteRateLimited(LogLevel.Warning, Source, $"The store failed: {error.Message}");
            return new Refusal
            {
                Code = RefusalCode.StoreUnavailable,
                Message = "The store is not available: nothing was changed. Try again.",
            };
        }
        log.WriteRateLimited(LogLevel.Error, Source, "A request failed.", e);
        return new Refusal
        {
            Code = RefusalCode.Internal,
            Message = "The node could not process this request; see its log.",
        };
    }
}
