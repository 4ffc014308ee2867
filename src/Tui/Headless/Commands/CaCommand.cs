using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.Headless.CertificateAuthority;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class CaCommand : CloudCommand, IListedCommand
{
    public CaCommand()
        : base(CommandName, Summary)
    {
        Add(new CaInitCommand());
        Add(new CaIssueCommand(CertificateRole.Node));
        Add(new CaIssueCommand(CertificateRole.Client));
        Add(new CaShowCommand());
        Add(new CaRevokeCommand(lift: false));
        Add(new CaRevokeCommand(lift: true));
        Add(new CaRevokedCommand());
    }

    public static string CommandName => "ca";
    public static string Summary =>
        "Create and revoke the certificates of a cloud that spans several machines.";

    public override string[] Examples =>
        [
            "jobcloud ca init",
            "jobcloud ca node n1 --address n1.example.org --address 10.0.0.1",
            "ssh n1 mkdir -p -m 700 .local/share/jobcloud/tls",
            "scp ~/.local/share/jobcloud/ca/n1/* n1:.local/share/jobcloud/tls/",
            "jobcloud ca node n1 --renew",
            "jobcloud ca revoke n3 --reason 'the machine was stolen'",
        ];

    public override string Details =>
        "'ca node' and 'ca client' write ca.pem, a certificate and its key to CA/NAME, where CA is the CA's\n"
        + "directory. Copy them to $JOBCLOUD_HOME/tls on the machine that uses them. Keep the CA's own key,\n"
        + "CA/ca.key, on this machine. A client certificate is for the full-screen UI on a machine without a\n"
        + "node. Nodes accept it only with jobcloud.tls.clients = on: its holder cannot act as a node, but can\n"
        + "disturb the membership of nodes. Commands need no certificate: they use access tokens\n"
        + "('jobcloud token').\n\n"
        + "Running nodes read renewed files within jobcloud.tls.refresh, and 'ca show' and 'nodes' show when a\n"
        + "certificate expires. 'ca revoke' asks the running cloud: all its nodes refuse the holder and close\n"
        + "its connections within that time; a node of that name is removed, stops, and cannot join again. A\n"
        + "serial number or file denies one certificate, a name also those that are issued later.";

    public override Task<Report> RunAsync(Invocation call) =>
        Task.FromResult<Report>(
            CommandError.Usage(
                $"Missing subcommand; use '{Name} init', 'node', 'client', 'show', 'revoke', 'unrevoke' or 'revoked'."
            )
        );

    public static Option<string?> Folder() =>
        Opt.Text("--dir", "DIR", "directory of the CA (default $JOBCLOUD_HOME/ca)");

    public static string FolderOf(Invocation call, Option<string?> option) =>
        call.Get(option) is { } given
            ? call.Terminal.Absolute(given)
            : call.Settings.Paths.Authority;

    /// <summary>Reports the path of a new certificate.</summary>
    public static Report Made(string path, X509Certificate2 certificate) =>
        new Report.Values(
            [path],
            () =>
                new CertificateDocument(
                    path,
                    CertificateSubject.Of(certificate).Name,
                    Instant(certificate.NotAfter)
                )
        );

    /// <summary>The instant for JSON.</summary>
    public static string Instant(DateTime instant) =>
        Instants.Print(
            new DateTimeOffset(instant.ToUniversalTime()).ToMicroseconds(),
            TimeSpan.Zero
        );

    public static string Day(DateTime instant) =>
        instant.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'");
}

internal sealed class CaInitCommand : CloudCommand
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    private readonly Option<string?> _folder = CaCommand.Folder();
    private readonly Option<string?> _name = Opt.Text("--name", "NAME", "name of the cloud");
    private readonly Option<TimeSpan?> _lifetime = Opt.Duration(
        "--lifetime",
        "validity period (default 3650d)"
    );
    private readonly Option<bool> _replace = Opt.Flag("--replace", "replace the existing CA");

    public CaInitCommand()
        : base("init", "Create a CA.")
    {
        Add(_folder);
        Add(_name);
        Add(_lifetime);
        Add(_replace);
    }

    public override Task<Report> RunAsync(Invocation call)
    {
        var path = CaCommand.FolderOf(call, _folder);
        var cloud = call.Get(_name) ?? "cloud";
        if (!CertificateSubject.IsName(cloud))
            return Task.FromResult<Report>(CaIssueCommand.BadName(cloud));
        using var authority = new CaFolder(path, call.Terminal.Clock).Create(
            cloud,
            call.Get(_lifetime) ?? Lifetime,
            call.Get(_replace)
        );
        return Task.FromResult(CaCommand.Made(path, authority));
    }
}

internal sealed class CaIssueCommand : CloudCommand
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(730);

    private readonly CertificateRole _role;
    private readonly Argument<string> _name;
    private readonly Option<string?> _folder = CaCommand.Folder();
    private readonly Option<string[]> _addresses = Opt.Texts(
        "--address",
        "HOST|IP",
        "address of the node; repeatable (default NAME, localhost, 127.0.0.1, ::1)"
    );
    private readonly Option<string?> _output = Opt.Text(
        "--out",
        "DIR",
        "directory for the files (default CA/NAME)"
    );
    private readonly Option<TimeSpan?> _lifetime = Opt.Duration(
        "--lifetime",
        "validity period (default 730d)"
    );
    private readonly Option<bool> _renew = Opt.Flag(
        "--renew",
        "replace the existing certificate, keeping its addresses"
    );

    public CaIssueCommand(CertificateRole role)
        : base(
            role == CertificateRole.Node ? "node" : "client",
            role == CertificateRole.Node
                ? "Create or renew the certificate of a node."
                : "Create or renew the certificate of a client."
        )
    {
        _role = role;
        _name = Arg.Text("NAME", "name of the certificate's holder");
        Add(_name);
        if (role == CertificateRole.Node)
            Add(_addresses);
        Add(_folder);
        Add(_output);
        Add(_lifetime);
        Add(_renew);
    }

    public override Task<Report> RunAsync(Invocation call)
    {
        var holder = call.Get(_name)!;
        if (!CertificateSubject.IsName(holder))
            return Task.FromResult<Report>(BadName(holder));
        var ca = CaCommand.FolderOf(call, _folder);
        var files = new CertificateFiles(
            call.Get(_output) is { } given ? call.Terminal.Absolute(given) : $"{ca}/{holder}",
            _role
        );
        using var certificate = new CaFolder(ca, call.Terminal.Clock).Issue(
            holder,
            files,
            _role == CertificateRole.Node ? call.Get(_addresses)! : [],
            call.Get(_lifetime) ?? Lifetime,
            call.Get(_renew)
        );
        return Task.FromResult(CaCommand.Made(files.Folder, certificate));
    }

    public static CommandError BadName(string name) =>
        CommandError.Usage(
            $"'{name}' is not a valid name; use 1 to 63 letters, digits, '-', '_' or '.'."
        );
}

internal sealed class CaShowCommand : CloudCommand
{
    private static readonly string[] Columns =
    [
        "name",
        "role",
        "addresses",
        "from",
        "until",
        "serial",
        "path",
    ];

    private readonly Option<string?> _folder = CaCommand.Folder();

    public CaShowCommand()
        : base("show", "Show the CA and the certificates in its directory.") => Add(_folder);

    public override Task<Report> RunAsync(Invocation call)
    {
        var ca = new CaFolder(CaCommand.FolderOf(call, _folder), call.Terminal.Clock);
        var rows = new List<TableCell[]>();
        var certificates = new List<PublicCertificate>();
        foreach (var (path, certificate) in ca.All())
        {
            var subject = CertificateSubject.Of(certificate);
            var shown = new PublicCertificate(
                subject.Name,
                subject.Role.ToString().ToLowerInvariant(),
                CertificateFiles.AddressesOf(certificate),
                CaCommand.Instant(certificate.NotBefore),
                CaCommand.Instant(certificate.NotAfter),
                DenialRules.SerialOf(certificate),
                path
            );
            certificates.Add(shown);
            rows.Add([
                TableCell.Of(shown.Name),
                TableCell.Of(shown.Role),
                TableCell.Of(string.Join(' ', shown.Addresses)),
                TableCell.Of(CaCommand.Day(certificate.NotBefore)),
                TableCell.Of(CaCommand.Day(certificate.NotAfter)),
                TableCell.Of(shown.Serial),
                TableCell.Of(shown.Path),
            ]);
            certificate.Dispose();
        }
        return Task.FromResult<Report>(
            new Report.Table(Columns, rows, () => new CertificatesDocument(certificates))
        );
    }
}
