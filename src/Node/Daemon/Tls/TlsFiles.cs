using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>The certificate of this node, and the CA certificates that it trusts.</summary>
/// <param name="Own">This node's certificate with its private key.</param>
/// <param name="Authorities">The CA certificates of this cloud.</param>
internal sealed record TlsFiles(X509Certificate2 Own, X509Certificate2Collection Authorities)
{
    private readonly Lazy<SslStreamCertificateContext> _context = new(() =>
        SslStreamCertificateContext.Create(Own, Authorities, offline: true)
    );

    /// <summary>What this node presents to others. The first use costs time.</summary>
    public SslStreamCertificateContext Context => _context.Value;

    /// <summary>The files of a node with an embedded store; issues them if need be.</summary>
    /// <param name="node">The node's name.</param>
    /// <exception cref="CannotStartException">The files cannot be used or written.</exception>
    public static TlsFiles OfSingleNode(
        TlsPaths paths,
        HomePaths home,
        string node,
        DateTimeOffset now
    )
    {
        if (paths == TlsPaths.In(home))
            try
            {
                PrivateFolder.Create(home.Tls);
                HomeCertificates.Ensure(paths, node, now);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CannotStartException(
                    $"The certificates in {home.Tls} cannot be written: {e.Message}"
                );
            }
        return Load(paths, now);
    }

    /// <summary>The files of a node that shares its store with others.</summary>
    /// <param name="node">The node's name, under which alone other nodes listen to it.</param>
    /// <exception cref="CannotStartException">The files cannot be used.</exception>
    public static TlsFiles OfClusterNode(TlsPaths paths, string node, DateTimeOffset now)
    {
        var files = Load(paths, now);
        if (files.Authorities.Any(HomeCertificates.IsOwn))
            throw Unusable(paths, "no other node trusts them: this node issued them to itself");
        var named = CertificateSubject.Of(files.Own).Name;
        return named == node
            ? files
            : throw new CannotStartException(
                $"{paths.Certificate} is the certificate of node {named}, and this is node {node}: 'jobcloud ca node {node}' creates its own, or set jobcloud.node.name = {named}."
            );
    }

    private static TlsFiles Load(TlsPaths paths, DateTimeOffset now)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(paths.Authority);
            var files = new TlsFiles(
                X509Certificate2.CreateFromPemFile(paths.Certificate, paths.Key),
                authorities
            );
            var subject = CertificateCheck.Identify(files.Own, authorities, now, out var problem);
            if (subject is { Role: not CertificateRole.Node })
                problem = $"the certificate of {files.Own.Subject} is not a node certificate";
            return problem.Length == 0 ? files
                : now > files.Own.NotAfter
                    ? throw new CannotStartException(
                        $"{paths.Certificate} cannot be used: {problem}."
                    )
                : throw Unusable(paths, problem);
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or CryptographicException
                        or ArgumentException
            )
        {
            throw Unusable(paths, e.Message.TrimEnd('.'));
        }
    }

    private static CannotStartException Unusable(TlsPaths paths, string problem) =>
        new($"{paths} cannot be used: {problem}; 'jobcloud ca node' creates all three.");
}
