using JobCloud.Protocol.Homes;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>The address and credentials of the cloud.</summary>
/// <param name="Server">The node that issues the ticket.</param>
/// <param name="TokenFile">The access token file for a remote node; empty: none.</param>
/// <param name="CaFile">The CA certificate for a remote node; empty: that of the home, else the
/// system's.</param>
/// <param name="MayStart">Whether a local node is started where none responds.</param>
internal sealed record CloudPlace(
    HomePaths Paths,
    CloudAddress Server,
    string TokenFile,
    string CaFile,
    bool MayStart
)
{
    /// <summary>The local node of a home.</summary>
    public static CloudPlace Of(HomePaths paths) =>
        new(paths, new CloudAddress.Local(paths.GatewaySocket), "", "", MayStart: false);
}
