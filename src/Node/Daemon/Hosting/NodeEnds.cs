using Akka.Actor;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Why a node stops, and the exit code of its process.</summary>
internal static class NodeEnds
{
    /// <summary>Waits until the node has stopped; returns the exit code.</summary>
    public static async Task<int> WaitAsync(ActorSystem system)
    {
        await system.WhenTerminated;
        return CoordinatedShutdown.Get(system).ShutdownReason switch
        {
            Ordinary => NodeExitCodes.Success,
            Denied => NodeExitCodes.Refused,
            _ => NodeExitCodes.Unexpected,
        };
    }

    /// <summary>It was stopped.</summary>
    public sealed class Ordinary : CoordinatedShutdown.Reason
    {
        public static readonly Ordinary Instance = new();

        public override int ExitCode => NodeExitCodes.Success;
    }

    /// <summary>It is on the deny list.</summary>
    public sealed class Denied : CoordinatedShutdown.Reason
    {
        public static readonly Denied Instance = new();

        public override int ExitCode => NodeExitCodes.Refused;
    }
}
