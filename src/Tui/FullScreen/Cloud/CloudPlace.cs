using JobCloud.Protocol.Homes;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Where the cloud is to be found.</summary>
/// <param name="Socket">Of a node on this machine, which gives the ticket.</param>
/// <param name="MayStart">A node of this home may be started where none answers.</param>
public sealed record CloudPlace(HomePaths Paths, string Socket, bool MayStart);
