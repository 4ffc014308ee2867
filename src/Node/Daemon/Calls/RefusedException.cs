using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>Another part of the cloud refused what a request needs: its client is told in the same
/// words.</summary>
internal sealed class RefusedException(Refusal refusal) : Exception(refusal.Message)
{
    public Refusal Refusal { get; } = refusal;
}
