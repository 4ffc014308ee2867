using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>Reads renewed certificate files while the node runs, and warns before the certificate
/// expires. Not thread-safe.</summary>
/// <param name="load">Reads the files; also renews those that the node issued itself.</param>
internal sealed class TlsFileWatch(
    TlsPaths paths,
    string node,
    Func<DateTimeOffset, TlsFiles> load,
    NodeTls tls,
    NodeLog log
)
{
    /// <summary>The files of a single node are renewed when this is left.</summary>
    private static readonly TimeSpan ReadBefore = TimeSpan.FromDays(30);

    private static readonly TimeSpan WarnEvery = TimeSpan.FromDays(1);

    // Empty, so that the first check reads what was written since the start.
    private string _stamps = "";
    private string _problem = "";
    private DateTimeOffset _warned = DateTimeOffset.MinValue;

    public void Check(DateTimeOffset now)
    {
        var stamps = StampsOf(paths);
        if (stamps != _stamps || _problem.Length > 0 || tls.Until - now < ReadBefore)
            Read(now);
        _stamps = stamps;
        var warning = CertificateExpiry.Warning(node, tls.Until, now);
        if (warning.Length == 0 || now - _warned < WarnEvery)
            return;
        _warned = now;
        log.Write(LogLevel.Warning, "tls", warning);
    }

    private void Read(DateTimeOffset now)
    {
        try
        {
            var files = load(now);
            _problem = "";
            if (Same(files, tls.Files))
                return;
            tls.Use(files);
            log.Write(
                LogLevel.Info,
                "tls",
                $"New connections use the new certificate of node {node}, valid until {CertificateExpiry.Day(tls.Until)}."
            );
        }
        catch (CannotStartException e)
        {
            // The files are being written, or are wrong: one line for each problem.
            if (e.Message != _problem)
                log.Write(
                    LogLevel.Warning,
                    "tls",
                    $"The node keeps its earlier certificate: {e.Message}"
                );
            _problem = e.Message;
        }
    }

    private static bool Same(TlsFiles one, TlsFiles other) =>
        one.Own.Thumbprint == other.Own.Thumbprint
        && one.Authorities.Select(ca => ca.Thumbprint)
            .SequenceEqual(other.Authorities.Select(ca => ca.Thumbprint));

    private static string StampsOf(TlsPaths paths) =>
        string.Join(' ', paths.All.Select(path => new FileInfo(path)).Select(Stamp));

    private static string Stamp(FileInfo file) =>
        file.Exists ? $"{file.LastWriteTimeUtc.Ticks}/{file.Length}" : "-";
}
