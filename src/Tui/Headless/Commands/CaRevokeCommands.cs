using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Puts a certificate or a node on the cloud's deny list, or takes it off.</summary>
internal sealed class CaRevokeCommand : CloudCommand
{
    private readonly bool _lift;
    private readonly Argument<string> _subject = Arg.Text(
        "NAME|SERIAL|FILE",
        "name of a node or client, serial number of a certificate, or its file"
    );
    private readonly Option<string?> _reason = Opt.Text(
        "--reason",
        "TEXT",
        "reason that 'ca revoked' shows"
    );

    public CaRevokeCommand(bool lift)
        : base(
            lift ? "unrevoke" : "revoke",
            lift
                ? "Take a certificate, node or client off the cloud's deny list."
                : "Keep a certificate, node or client out of the running cloud."
        )
    {
        _lift = lift;
        Add(_subject);
        if (!lift)
            Add(_reason);
    }

    public override async Task<Report> RunAsync(Invocation call)
    {
        var request = new DenyRequest
        {
            Subject = SubjectOf(call.Get(_subject)!, call.Terminal.Absolute),
            Reason = _lift ? "" : call.Get(_reason) ?? "",
            Lift = _lift,
        };
        if (DenialRules.Validate(request) is { } problem)
            return CommandError.Of(problem);
        using var cloud = await call.ConnectAsync();
        await cloud.Api.DenyAsync(request, cloud.UnaryOptions());
        return new Report.Nothing(() => new SubjectDocument(request.Subject));
    }

    /// <summary>The serial number in a certificate's file; else the name or serial number
    /// itself.</summary>
    private static string SubjectOf(string text, Func<string, string> absolute)
    {
        var path = absolute(text);
        if (!File.Exists(path))
            return text.Contains('/')
                ? throw new CommandErrorException(
                    CommandError.Usage($"The certificate file {text} does not exist.")
                )
                : DenialRules.Subject(text);
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(path));
            return DenialRules.SerialOf(certificate);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandErrorException(
                CommandError.Usage(
                    $"{text} cannot be read as a certificate: {e.Message.TrimEnd('.')}; give its file in PEM form, a name or a serial number."
                )
            );
        }
    }
}

internal sealed class CaRevokedCommand : CloudCommand
{
    private static readonly string[] Columns =
    [
        "subject",
        "state",
        "since",
        "by",
        "reason",
        "lifted",
        "lifted_by",
    ];

    public CaRevokedCommand()
        : base("revoked", "Show the cloud's deny list.") { }

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        var reply = await cloud.Api.DenialsAsync(new(), cloud.UnaryOptions());
        var rows = new List<TableCell[]>();
        foreach (var one in reply.Denials)
            rows.Add([
                TableCell.Of(one.Subject),
                TableCell.Of(PublicDenial.StateOf(one)),
                call.Instant(one.Since),
                TableCell.Of(one.By),
                TableCell.Of(one.Reason),
                one.Lifted == 0 ? TableCell.None : call.Instant(one.Lifted),
                TableCell.Of(one.LiftedBy),
            ]);
        return new Report.Table(Columns, rows, () => DenialsDocument.Of(reply));
    }
}
