namespace JobCloud.Protocol.Feed;

/// <summary>The limits of a client of the feed.</summary>
public static class FeedLimits
{
    /// <summary>The number of jobs whose usage a client gets. Each costs a request to its node
    /// every second; the others that the client names are left out.</summary>
    public const int Visible = 500;
}
