using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor.Setup;

namespace JobCloud.ClusterPort;

/// <summary>How this member proves itself at the cluster port and checks others there: mutual TLS
/// 1.3. It is part of the actor system's setup, so that the transport finds it.</summary>
/// <param name="own">This member's certificate for the next connection.</param>
/// <param name="problem">Why a certificate is not accepted, without a full stop; empty: it
/// is.</param>
/// <param name="tell">Logs one sentence that a stranger can cause.</param>
/// <param name="bindsNames">Whether a node may speak only under the name in its certificate; else
/// only one node has a certificate that is accepted.</param>
internal sealed class ClusterTrust(
    Func<SslStreamCertificateContext> own,
    Func<X509Certificate2?, string> problem,
    Action<string> tell,
    bool bindsNames
) : Setup
{
    // Akka.NET compares handles by their addresses.
    private readonly HashSet<TlsLink> _links = new(ReferenceEqualityComparer.Instance);

    public bool BindsNames => bindsNames;

    /// <summary>Writes one sentence that a stranger can cause to the log.</summary>
    public void Tell(string sentence) => tell(sentence);

    /// <summary>Closes the connections to the holders of some certificates.</summary>
    public void Close(Func<X509Certificate2, bool> whose)
    {
        TlsLink[] links;
        lock (_links)
            links = [.. _links.Where(link => whose(link.Peer))];
        foreach (var link in links)
            link.Abort();
    }

    public void Add(TlsLink link)
    {
        lock (_links)
            _links.Add(link);
    }

    public void Remove(TlsLink link)
    {
        lock (_links)
            _links.Remove(link);
    }

    /// <returns>The certificate of the other side.</returns>
    /// <exception cref="AuthenticationException">The other side is not accepted; the message says
    /// why.</exception>
    public Task<X509Certificate2> AcceptAsync(SslStream tls, CancellationToken cancel)
    {
        var check = new PeerCheck(problem);
        return check.RunAsync(
            tls,
            tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = own(),
                    ClientCertificateRequired = true,
                    EnabledSslProtocols = SslProtocols.Tls13,
                    AllowTlsResume = false,
                    CertificateChainPolicy = CheckedElsewhere(),
                    RemoteCertificateValidationCallback = check.Accepts,
                },
                cancel
            )
        );
    }

    /// <inheritdoc cref="AcceptAsync"/>
    public Task<X509Certificate2> ConnectAsync(SslStream tls, string host, CancellationToken cancel)
    {
        var check = new PeerCheck(problem);
        return check.RunAsync(
            tls,
            tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    ClientCertificateContext = own(),
                    EnabledSslProtocols = SslProtocols.Tls13,
                    AllowTlsResume = false,
                    CertificateChainPolicy = CheckedElsewhere(),
                    RemoteCertificateValidationCallback = check.Accepts,
                },
                cancel
            )
        );
    }

    /// <summary>A policy without the system's CAs, whose loading costs time: <c>problem</c>
    /// decides.</summary>
    private static X509ChainPolicy CheckedElsewhere() =>
        new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationFlags = X509VerificationFlags.AllFlags,
            DisableCertificateDownloads = true,
        };

    /// <summary>One check of a peer; keeps its reason for the refusal.</summary>
    private sealed class PeerCheck(Func<X509Certificate2?, string> problem)
    {
        private string _found = "";

        public bool Accepts(
            object sender,
            X509Certificate? certificate,
            X509Chain? chain,
            SslPolicyErrors errors
        ) => (_found = problem(certificate as X509Certificate2)).Length == 0;

        public async Task<X509Certificate2> RunAsync(SslStream tls, Task handshake)
        {
            try
            {
                await handshake;
            }
            catch (AuthenticationException) when (_found.Length > 0)
            {
                throw new AuthenticationException(_found);
            }
            return X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
        }
    }
}
