namespace JobCloud.Node.Daemon.Agents;

/// <summary>Takes a node out of use, or back in: what runs goes on, nothing new starts.</summary>
/// <param name="On">Out of use.</param>
/// <param name="Reason">Shown to users.</param>
public sealed record DrainNode(bool On, string Reason);
