using JobCloud.Protocol.Homes;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>The address and credentials of the cloud.</summary>
/// <param name="Server">The node that issues the ticket.</param>
/// <param name="TokenFile">The access token file for a remote node; empty: none.</param>
/// <param name="CaFile">The CA certificate for a remote node; empty: that of the home, else the
/// system's.</param>
/// <param name="CanAutostart">Whether a local node is started where none responds.</param>
internal sealed record ConnectionOptions(
    HomePaths Paths,
    CloudAddress Server,
    string TokenFile,
    string CaFile,
    bool CanAutostart
)
{
    /// <summary>The local node of a home.</summary>
    public static ConnectionOptions Of(HomePaths paths) =>
        new(paths, new CloudAddress.Local(paths.GatewaySocket), "", "", CanAutostart: false);
}
