namespace JobCloud.Node.Daemon.Blobs;

/// <summary>A content could not be copied for an attempt.</summary>
/// <param name="why">Without a full stop.</param>
/// <param name="isPassing">Whether it may work later, or on another node.</param>
internal sealed class BlobFailureException(string why, bool isPassing) : Exception(why)
{
    public bool IsPassing => isPassing;
}
