using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Remote;
using Akka.Remote.Transport;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Inbound;

namespace JobCloud.ClusterPort;

/// <summary>The cluster port: Akka.NET's messages over mutual TLS 1.3 and TCP. Nothing of a
/// connection reaches Akka.NET before the other side has shown an accepted
/// certificate.</summary>
internal sealed class TlsTransport : Akka.Remote.Transport.Transport
{
    private const string Scheme = "ssl.tcp";

    /// <summary>Incoming connections without an accepted certificate.</summary>
    private const int HandshakesMax = 256;

    /// <summary>Connections of one holder: a node's, and those of the full-screen UIs in its
    /// home.</summary>
    private const int LinksMax = 100;

    /// <summary>Time for what waits to be sent when the system stops.</summary>
    private static readonly TimeSpan ShutdownWithin = TimeSpan.FromSeconds(3);

    private readonly TransportSettings _settings;
    private readonly ClusterTrust _trust;
    private readonly Handshakes _handshakes = new(HandshakesMax);
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource<IAssociationEventListener> _listener = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    // Akka.NET compares handles by their addresses.
    private readonly HashSet<TlsLink> _links = new(ReferenceEqualityComparer.Instance);
    private volatile SeenMembers _members = new([], KnownMembers.None);
    private Socket? _port;
    private Address? _own;

    /// <param name="All">As Akka.Cluster gives them: another object after each change.</param>
    private sealed record SeenMembers(ImmutableSortedSet<Member> All, KnownMembers Known);

    // Akka.NET creates it, by its name in the settings.
    public TlsTransport(ActorSystem system, Config config)
    {
        (System, Config) = (system, config);
        _settings = TransportSettings.Of(config);
        _trust = system.Settings.Setup.Get<ClusterTrust>().Value;
        SchemeIdentifier = Scheme;
        MaximumPayloadBytes = _settings.FrameMax;
    }

    public override bool IsResponsibleFor(Address remote) => true;

    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var ip = await AddressOfAsync(_settings.BindHost);
        _port = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _port.Bind(new IPEndPoint(ip, _settings.BindPort));
            _port.Listen(_settings.Backlog);
        }
        catch (SocketException e)
        {
            throw new RemoteTransportException(
                $"Cannot listen on {_settings.BindHost}:{_settings.BindPort}: {e.Message}",
                e
            );
        }
        _ = AcceptAllAsync(_port);
        var bound = (IPEndPoint)_port.LocalEndPoint!;
        _own = AddressAt(_settings.Host, _settings.Port ?? bound.Port);
        return (_own, _listener);
    }

    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        limit.CancelAfter(_settings.ConnectWithin);
        var host = remoteAddress.Host.Trim('[', ']');
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, remoteAddress.Port ?? 0, limit.Token);
            Prepare(socket);
            var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            var peer = await _trust.ConnectAsync(tls, host, limit.Token);
            return Open(NewLink(remoteAddress, socket, tls, peer, dialled: remoteAddress));
        }
        catch (Exception e) when (IsRefused(e))
        {
            socket.Dispose();
            if (e is AuthenticationException)
                _trust.Tell($"Rejected a connection to {remoteAddress}: {ReasonOf(e)}.");
            throw new InvalidAssociationException(
                $"No connection to {remoteAddress}: {(limit.IsCancellationRequested ? "no answer in time" : e.Message)}",
                e
            );
        }
    }

    public override async Task<bool> Shutdown()
    {
        await _end.CancelAsync();
        _port?.Dispose();
        _handshakes.Close();
        TlsLink[] links;
        lock (_links)
            links = [.. _links];
        foreach (var link in links)
            link.Disassociate("the system stops", Akka.Event.NoLogger.Instance);
        await Task.WhenAll(links.Select(link => link.Ended))
            .WaitAsync(ShutdownWithin)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var link in links)
            link.Abort();
        return true;
    }

    private async Task AcceptAllAsync(Socket port)
    {
        var listener = await _listener.Task;
        while (!_end.IsCancellationRequested)
            try
            {
                var socket = await port.AcceptAsync(_end.Token);
                _ = AcceptAsync(socket, _handshakes.Add(socket), listener);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Most likely no descriptor is free: other connections will end.
                _trust.Tell($"Cannot accept a connection: {e.Message}.");
                await Task.Delay(TimeSpan.FromMilliseconds(100), _end.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }

    private async Task AcceptAsync(
        Socket socket,
        LinkedListNode<Socket> entry,
        IAssociationEventListener listener
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        limit.CancelAfter(_settings.ConnectWithin);
        var from = "";
        try
        {
            var remote = (IPEndPoint)socket.RemoteEndPoint!;
            from = remote.ToString();
            Prepare(socket);
            var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            var peer = await _trust.AcceptAsync(tls, limit.Token);
            RefuseFlood(peer);
            var address = AddressAt(remote.Address.ToString(), remote.Port);
            var link = NewLink(address, socket, tls, peer, dialled: null);
            listener.Notify(new InboundAssociation(Open(link)));
        }
        catch (Exception e) when (IsRefused(e))
        {
            socket.Dispose();
            if (!_end.IsCancellationRequested)
                _trust.Tell(
                    $"Rejected a connection from {from}: {(limit.IsCancellationRequested ? "no TLS handshake in time" : ReasonOf(e))}."
                );
        }
        finally
        {
            _handshakes.Remove(entry);
        }
    }

    private TlsLink NewLink(
        Address remote,
        Socket socket,
        SslStream tls,
        X509Certificate2 peer,
        Address? dialled
    )
    {
        var holder = CertificateSubject.Of(peer);
        var guard = new InboundGuard(
            holder.Role,
            _trust.BindsNames && holder.Role == CertificateRole.Node ? holder.Name : null,
            $"akka.{_own}",
            dialled is null ? "" : $"akka.{dialled}",
            Known
        );
        return new TlsLink(
            LocalOf(socket),
            remote,
            socket,
            tls,
            peer,
            _trust,
            guard.Check,
            _settings.FrameMax
        );
    }

    /// <exception cref="AuthenticationException">Its holder has too many connections.</exception>
    private void RefuseFlood(X509Certificate2 peer)
    {
        var holder = peer.Subject;
        int count;
        lock (_links)
            count = _links.Count(link => link.Holder == holder && !link.Ended.IsCompleted);
        if (count < LinksMax)
            return;
        peer.Dispose();
        throw new AuthenticationException($"{holder} has {count} connections already");
    }

    private KnownMembers Known()
    {
        if (!System.HasExtension<Cluster>())
            return KnownMembers.None;
        var all = Cluster.Get(System).State.Members;
        var seen = _members;
        if (!ReferenceEquals(seen.All, all))
            _members = seen = new(
                all,
                new(
                    all.Select(member => new KnownMember(
                        member.Address.ToString(),
                        member.UniqueAddress.Uid,
                        (WireStatus)member.Status,
                        member.Roles
                    ))
                )
            );
        return seen.Known;
    }

    private TlsLink Open(TlsLink link)
    {
        lock (_links)
            _links.Add(link);
        link.Ended.ContinueWith(
            _ =>
            {
                lock (_links)
                    _links.Remove(link);
            },
            TaskScheduler.Default
        );
        return link;
    }

    private Address LocalOf(Socket socket) =>
        AddressAt(_settings.Host, ((IPEndPoint)socket.LocalEndPoint!).Port);

    private Address AddressAt(string host, int port) =>
        new(Scheme, System.Name, TransportSettings.InAddress(host), port);

    private static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    private static async Task<IPAddress> AddressOfAsync(string host)
    {
        if (IPAddress.TryParse(host, out var ip))
            return ip;
        var found = await Dns.GetHostAddressesAsync(host);
        return found.FirstOrDefault(one => one.AddressFamily == AddressFamily.InterNetwork)
            ?? found[0];
    }

    /// <summary>The cause of a failed handshake in one line, without a full stop: OpenSSL's if it
    /// has one.</summary>
    private static string ReasonOf(Exception e) =>
        e.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.');

    private static bool IsRefused(Exception e) =>
        e
            is IOException
                or SocketException
                or AuthenticationException
                or CryptographicException
                or OperationCanceledException
                or ObjectDisposedException
                or InvalidOperationException;
}
