using System.Globalization;

namespace JobCloud.Protocol.Certificates;

/// <summary>The sentences about the end of a certificate's validity.</summary>
public static class CertificateExpiry
{
    private static readonly TimeSpan WarnBefore = TimeSpan.FromDays(14);

    /// <summary>The warning about a node's certificate: from 14 days before its end. Empty: there
    /// is none.</summary>
    /// <param name="until">When it expires; null: not known.</param>
    public static string Warning(string node, DateTimeOffset? until, DateTimeOffset now) =>
        until is not { } end || end - now > WarnBefore
            ? ""
            : $"The certificate of node {node} {Ended(end, now)}; {Renew(new(node, CertificateRole.Node))}.";

    /// <summary>The warning in a few words: <c>certificate: 9 days</c>.</summary>
    public static string Brief(DateTimeOffset until, DateTimeOffset now) =>
        until - now > WarnBefore ? ""
        : until < now ? "certificate expired"
        : $"certificate: {(until - now).Days} days";

    /// <summary>When an expired certificate expired and what to do, without a full stop.</summary>
    public static string Expired(CertificateSubject subject, DateTimeOffset until) =>
        $"expired on {Day(until)}; {Renew(subject)}";

    public static string Day(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Ended(DateTimeOffset end, DateTimeOffset now) =>
        end < now ? $"expired on {Day(end)}" : $"expires on {Day(end)}";

    private static string Renew(CertificateSubject subject) =>
        $"renew it with 'jobcloud ca {(subject.Role == CertificateRole.Client ? "client" : "node")} {subject.Name} --renew'";
}
