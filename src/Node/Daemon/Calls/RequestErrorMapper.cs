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
    private int _failures;

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
                Code = RefusalCode.Busy,
                Message = "The client or the stopping node cancelled the request.",
            };
        StorePools.Note(e);
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
        if (StoreErrors.FaultOf(e) is { } fault)
        {
            var error = StoreErrors.Find(e)!;
            log.WriteRateLimited(LogLevel.Warning, Source, $"The store failed: {error.Message}");
            return new Refusal
            {
                Code = RefusalCode.StoreUnavailable,
                Message = damage.Place.Unusable(fault, "Nothing was changed."),
            };
        }
        return Unexpected(e);
    }

    /// <summary>A file that cannot be used is the machine's fault, and everything else a bug. The
    /// log has the details under the number that the user sees.</summary>
    private Refusal Unexpected(Exception e)
    {
        var number = Interlocked.Increment(ref _failures);
        var isLogged = log.WriteRateLimited(
            LogLevel.Error,
            Source,
            $"A request failed (failure {number}).",
            e
        );
        var see = isLogged ? $"see 'failure {number}' in its log" : "see its log";
        var file = StoreErrors
            .Flatten(e)
            .FirstOrDefault(static error => error is IOException or UnauthorizedAccessException);
        return new Refusal
        {
            Code = RefusalCode.Internal,
            Message = file is null
                ? $"The node could not process this request because of a bug; {see}."
                : $"The node could not use a file: {file.Message.TrimEnd('.')}; {see}.",
        };
    }
}
