using System.Text;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Protocol.Inbound;

/// <summary>What happens to a frame.</summary>
/// <param name="Refusal">Why it is dropped; null: it is handed on.</param>
/// <param name="EndsLink">Whether the connection ends.</param>
/// <param name="IsUsual">Whether honest members send such frames too.</param>
public readonly record struct InboundVerdict(string? Refusal, bool EndsLink, bool IsUsual = false);

/// <summary>
/// Decides about each frame of one connection to another member, before anything in it is
/// deserialized: only an actor and a message type of <see cref="InboundRules"/>, and only in the
/// sender's own name, which is that in its certificate. Not thread-safe.
/// </summary>
public sealed class InboundGuard
{
    /// <summary>Refused frames after which the connection ends.</summary>
    private const int MaxRefusals = 100;

    private const int LongestPath = 512;
    private const string ClientsNews = "a client's gossip about others";
    private const string Watcher = "/system/remote-watcher";

    private readonly bool _isClient;
    private readonly string? _node;
    private readonly Func<KnownMembers> _known;
    private readonly byte[] _own;
    private readonly byte[] _scheme;
    private byte[] _origin;
    private byte[] _watcher = [];
    private bool _isKnown;
    private int _refusals;

    /// <param name="role">The role in the peer's certificate.</param>
    /// <param name="own">The address of this member.</param>
    /// <param name="dialled">The address to which this member connected; empty: the peer
    /// connected.</param>
    /// <param name="node">The node that the peer's certificate names; null: names are not
    /// compared.</param>
    /// <param name="known">The members as this one knows them.</param>
    public InboundGuard(
        CertificateRole role,
        string? node,
        string own,
        string dialled,
        Func<KnownMembers> known
    )
    {
        (_isClient, _node, _known) = (role != CertificateRole.Node, node, known);
        _own = Encoding.UTF8.GetBytes(own);
        _scheme = Encoding.UTF8.GetBytes(own[..(own.IndexOf('@') + 1)]);
        _origin = Encoding.UTF8.GetBytes(dialled);
    }

    /// <param name="bytes">A frame without its length.</param>
    public InboundVerdict Check(ReadOnlySpan<byte> bytes)
    {
        if (!RemoteFrame.TryRead(bytes, out var frame))
            return Dispose("a malformed frame");
        return frame.Kind switch
        {
            FrameKind.Associate => Introduce(frame.Origin),
            FrameKind.Control => default,
            _ when !_isKnown => new("a message before an introduction", EndsLink: true),
            FrameKind.Ack => default,
            _ => Dispose(ProblemOf(frame)),
        };
    }

    private InboundVerdict Dispose(string? problem) =>
        problem switch
        {
            null => default,
            ClientsNews => new(problem, EndsLink: false, IsUsual: true),
            _ => new(problem, EndsLink: ++_refusals >= MaxRefusals),
        };

    private InboundVerdict Introduce(RemoteOrigin origin)
    {
        var address = $"akka.{origin.ToString()}";
        var bytes = Encoding.UTF8.GetBytes(address);
        var name = Text(bytes);
        if (
            _isKnown
            || address.Length > LongestPath
            || !bytes.AsSpan().StartsWith(_scheme)
            || bytes.AsSpan().SequenceEqual(_own)
        )
            return new($"an introduction as {name}", EndsLink: true);
        var nodes = _known().NodesAt(address);
        if (_isClient && nodes.Any())
            return new($"an introduction of a client as the node {name}", EndsLink: true);
        if (_node is not null && nodes.Any() && !nodes.Contains(_node))
            return new(
                $"an introduction of node {_node} as node {nodes.First()} ({name})",
                EndsLink: true
            );
        if (_origin.Length > 0 && !bytes.AsSpan().SequenceEqual(_origin))
            return new($"an introduction as {name} instead of the expected member", EndsLink: true);
        (_origin, _isKnown) = (bytes, true);
        return default;
    }

    private string? ProblemOf(RemoteFrame frame)
    {
        if (!TryPath(frame.Recipient, _own, out var path))
            return $"a message to {Text(frame.Recipient)}";
        if (_isClient && !frame.Sender.IsEmpty && !TryPath(frame.Sender, _origin, out _))
            return $"a message in the name of {Text(frame.Sender)}";
        if (frame.Payload.Serializer == SerializerIds.Selection)
            return path is [(byte)'/']
                ? ProblemOfSelection(frame.Payload.Body)
                : $"a selection within {Text(path)}";
        var isSystem = frame.Payload.Serializer == SerializerIds.SystemMessages;
        if (frame.IsSequenced && !isSystem)
            return $"an ordered message to {Text(path)}";
        return ProblemOf(path, frame.Payload)
            ?? (isSystem ? ProblemOfSystem(frame.Recipient, frame.Payload) : null);
    }

    private string? ProblemOf(ReadOnlySpan<byte> path, in WirePayload payload) =>
        !InboundRules.Admit(path, payload.Serializer, payload.Manifest, _isClient)
            ? $"{payload.Serializer}:{Text(payload.Manifest)} to {Text(path)}"
        : payload.Serializer != SerializerIds.Cluster ? null
        : MembershipClaims.Of(payload, new(_origin, _isClient, _node, _known())) switch
        {
            Claim.True => null,
            Claim.NotItsOwn => ClientsNews,
            _ => $"a false claim in {Text(payload.Manifest)}",
        };

    private string? ProblemOfSelection(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> inner = default;
        Span<byte> path = stackalloc byte[LongestPath];
        var length = 0;
        var fields = new ProtoFields(body);
        while (fields.Next(repeated: 2))
            if (fields is { Field: 1, IsBytes: true })
                inner = fields.Bytes;
            else if (
                fields is not { Field: 2, IsBytes: true }
                || !TryName(fields.Bytes, out var name)
                || length + name.Length >= path.Length
            )
                return "a selection by a pattern";
            else
            {
                path[length++] = (byte)'/';
                name.CopyTo(path[length..]);
                length += name.Length;
            }
        if (fields.IsInvalid || !WirePayload.TryRead(inner, out var payload))
            return "a malformed selection";
        return payload.Serializer is SerializerIds.SystemMessages or SerializerIds.Selection
            ? $"{payload.Serializer}:{Text(payload.Manifest)} by a selection"
            : ProblemOf(path[..length], payload);
    }

    /// <summary>The name of a child; false: another kind of step.</summary>
    private static bool TryName(ReadOnlySpan<byte> step, out ReadOnlySpan<byte> name)
    {
        const int childName = 2;
        name = default;
        var type = 0ul;
        var fields = new ProtoFields(step);
        while (fields.Next())
            if (fields is { Field: 1, IsBytes: false })
                type = fields.Number;
            else if (fields is { Field: 2, IsBytes: true })
                name = fields.Bytes;
            else
                return false;
        return !fields.IsInvalid && type == childName && IsName(name);
    }

    /// <summary>The rules of <see cref="InboundRules"/> admit it; now whom it speaks of.</summary>
    private string? ProblemOfSystem(ReadOnlySpan<byte> recipient, in WirePayload payload)
    {
        ReadOnlySpan<byte> first = default;
        ReadOnlySpan<byte> second = default;
        var isAddressLost = false;
        var fields = new ProtoFields(payload.Body);
        while (fields.Next())
            switch (fields.Field)
            {
                case 1 when fields.IsBytes && RemoteFrame.TryReadPath(fields.Bytes, out first):
                case 2 when fields.IsBytes && RemoteFrame.TryReadPath(fields.Bytes, out second):
                case 2 when !fields.IsBytes:
                    break;
                case 3 when !fields.IsBytes:
                    isAddressLost = fields.Number != 0;
                    break;
                default:
                    return "a malformed system message";
            }
        var isTrue =
            !fields.IsInvalid
            && (
                second.IsEmpty
                    ? !isAddressLost && TryPath(first, _origin, out _)
                    : first.SequenceEqual(recipient) && IsOwnWatcher(second)
            );
        return isTrue ? null : $"{Text(payload.Manifest)} about {Text(first)}";
    }

    /// <summary>A member has one remote watcher; others would be entries without end in the lists
    /// of those who are watched.</summary>
    private bool IsOwnWatcher(ReadOnlySpan<byte> watcher)
    {
        if (!TryPath(watcher, _origin, out var path) || !path.SequenceEqual(WatcherBytes))
            return false;
        if (_watcher.Length == 0)
            _watcher = watcher.ToArray();
        return watcher.SequenceEqual(_watcher);
    }

    private static readonly byte[] WatcherBytes = Encoding.UTF8.GetBytes(Watcher);

    /// <summary>A path at an address, without the address and the actor's number; false: it is
    /// elsewhere, or has steps that are no names.</summary>
    private static bool TryPath(
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> address,
        out ReadOnlySpan<byte> path
    )
    {
        path = default;
        if (!text.StartsWith(address) || text.Length == address.Length)
            return false;
        path = text[address.Length..];
        if (path.LastIndexOf((byte)'#') is >= 0 and var number)
            path = path[..number];
        if (path is [(byte)'/'])
            return true;
        if (path.IsEmpty || path[0] != '/')
            return false;
        foreach (var step in path[1..].Split((byte)'/'))
            if (!IsName(path[1..][step]))
                return false;
        return true;
    }

    private static bool IsName(ReadOnlySpan<byte> name) =>
        !name.IsEmpty
        && !name.SequenceEqual("."u8)
        && !name.SequenceEqual(".."u8)
        && !name.ContainsAny((byte)'/', (byte)'#');

    /// <summary>Text of a peer for a message: short, and nothing that a terminal obeys.</summary>
    private static string Text(ReadOnlySpan<byte> bytes)
    {
        const int longest = 100;
        var text = Encoding.ASCII.GetString(bytes.Length > longest ? bytes[..longest] : bytes);
        return string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c));
    }
}
