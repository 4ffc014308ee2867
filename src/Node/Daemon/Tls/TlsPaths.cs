using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>The PEM files that prove a node's membership of its cloud.</summary>
internal sealed record TlsPaths(string Authority, string Certificate, string Key)
{
    public IEnumerable<string> All => [Authority, Certificate, Key];

    /// <summary>The files in a node's home.</summary>
    public static TlsPaths In(HomePaths home) =>
        new(home.TlsAuthority, home.TlsCertificate, home.TlsKey);

    public override string ToString() => $"{Authority}, {Certificate} and {Key}";
}
