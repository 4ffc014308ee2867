using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Homes;

/// <summary>The address of a node's endpoint.</summary>
public abstract record CloudAddress
{
    private const string UnixPrefix = "unix:";

    private CloudAddress() { }

    /// <summary>A unix socket of this machine.</summary>
    public sealed record Local(string Path) : CloudAddress
    {
        public override string ToString() => UnixPrefix + Path;
    }

    /// <summary>A TLS endpoint.</summary>
    public sealed record Remote(Uri Uri) : CloudAddress
    {
        public override string ToString() => Uri.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>Parses <c>unix:PATH</c> or <c>https://HOST:PORT</c>.</summary>
    public static Parsed<CloudAddress> Parse(string text, Func<string, string> absolute)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
            return OfPath(absolute(text[UnixPrefix.Length..]));
        if (
            text.StartsWith("https://", StringComparison.Ordinal)
            && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.PathAndQuery == "/"
        )
            return new Remote(uri);
        if (text.StartsWith("http://", StringComparison.Ordinal))
            return new TextError(
                0,
                text.Length,
                $"'{text}': nodes accept only TLS; use https://{text["http://".Length..]}."
            );
        return new TextError(
            0,
            text.Length,
            $"'{text}' is not a server address; use unix:PATH or https://HOST:PORT."
        );
    }

    public static Parsed<CloudAddress> OfPath(string path) =>
        System.Text.Encoding.UTF8.GetByteCount(path) <= HomePaths.SocketPathMax
            ? new Local(path)
            : new TextError(
                0,
                path.Length,
                $"The socket path {path} is longer than {HomePaths.SocketPathMax} bytes; "
                    + "choose a shorter JOBCLOUD_HOME."
            );
}
