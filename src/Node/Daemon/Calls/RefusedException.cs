using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>A refusal by another part of the cloud, passed on unchanged to the client.</summary>
internal sealed class RefusedException(Refusal refusal) : Exception(refusal.Message)
{
    public Refusal Refusal { get; } = refusal;
}
