using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace JobCloud.Protocol.Certificates;

/// <summary>Verifies certificates against the CAs of the cloud, and against no others.</summary>
public static class CertificateCheck
{
    private const int SubjectMax = 200;

    /// <param name="authorities">The CAs of this cloud.</param>
    /// <param name="problem">Why it is invalid, without a full stop; empty: it is valid.</param>
    public static CertificateSubject? Identify(
        X509Certificate2? certificate,
        X509Certificate2Collection authorities,
        DateTimeOffset now,
        out string problem
    )
    {
        problem = Problem(certificate, authorities, now);
        return problem.Length == 0 ? CertificateSubject.Of(certificate!) : null;
    }

    private static string Problem(
        X509Certificate2? certificate,
        X509Certificate2Collection authorities,
        DateTimeOffset now
    )
    {
        if (certificate is null)
            return "no certificate was presented";
        var subject = CertificateSubject.Of(certificate);
        var name = $"the certificate of {NameOf(certificate, subject)}";
        if (now < certificate.NotBefore)
            return $"{name} is not valid before {CertificateExpiry.Day(certificate.NotBefore)}";
        if (now > certificate.NotAfter)
            return $"{name} {CertificateExpiry.Expired(subject, certificate.NotAfter)}";
        if (!IsIssuedBy(certificate, authorities, now))
            return $"{name} was not issued by this cloud's CA";
        return subject.Role is CertificateRole.Node or CertificateRole.Client
            ? ""
            : $"{name} is neither a node nor a client certificate";
    }

    /// <summary>The holder of a certificate as messages name it: <c>node n1</c>.</summary>
    private static string NameOf(X509Certificate2 certificate, CertificateSubject subject) =>
        subject.Role is CertificateRole.Node or CertificateRole.Client
        && CertificateSubject.IsName(subject.Name)
            ? $"{subject.Role.ToString().ToLowerInvariant()} {subject.Name}"
            : Printable(certificate.Subject);

    /// <summary>A stranger chooses the text.</summary>
    private static string Printable(string subject) =>
        new([.. subject.Take(SubjectMax).Select(static c => char.IsControl(c) ? '?' : c)]);

    private static bool IsIssuedBy(
        X509Certificate2 certificate,
        X509Certificate2Collection authorities,
        DateTimeOffset now
    )
    {
        using var chain = new X509Chain();
        chain.ChainPolicy = Policy(authorities);
        chain.ChainPolicy.VerificationTime = now.LocalDateTime;
        return chain.Build(certificate);
    }

    /// <summary>How a client checks the server's certificate.</summary>
    /// <param name="authorities">The CAs that it trusts; null: those of the system.</param>
    /// <param name="clock">The time, for telling an expired certificate as that.</param>
    public static SslClientAuthenticationOptions ServerTrust(
        X509Certificate2Collection? authorities,
        TimeProvider clock
    ) =>
        new()
        {
            CertificateChainPolicy = authorities is null ? null : Policy(authorities),
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                errors == SslPolicyErrors.None
                || certificate is X509Certificate2 presented
                    && clock.GetUtcNow() > presented.NotAfter
                    && Expired(presented),
        };

    private static bool Expired(X509Certificate2 certificate)
    {
        var subject = CertificateSubject.Of(certificate);
        throw new ExpiredCertificateException(
            $"The certificate of {NameOf(certificate, subject)} {CertificateExpiry.Expired(subject, certificate.NotAfter)}."
        );
    }

    /// <summary>A policy that trusts only these CAs and uses no network.</summary>
    public static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
