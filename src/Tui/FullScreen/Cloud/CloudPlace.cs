using JobCloud.Protocol.Homes;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Where the cloud is to be found.</summary>
/// <param name="Server">The node that gives the ticket.</param>
/// <param name="TokenFile">For a node of another machine; empty: none was named.</param>
/// <param name="CaFile">Of the CA that such a node is known by; empty: that of the home, else those
/// of the machine.</param>
/// <param name="MayStart">A node of this home may be started where none answers.</param>
internal sealed record CloudPlace(
    HomePaths Paths,
    CloudAddress Server,
    string TokenFile,
    string CaFile,
    bool MayStart
)
{
    /// <summary>The node of a home.</summary>
    public static CloudPlace Of(HomePaths paths) =>
        new(paths, new CloudAddress.Local(paths.GatewaySocket), "", "", MayStart: false);
}
