using System.CommandLine;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Invocations;

/// <summary>A command: its name, summary, options, examples and action. The action returns a report
/// and writes only streams itself.</summary>
internal abstract class CloudCommand : Command
{
    protected CloudCommand(string name, string summary)
        : base(name, summary) =>
        // Without an action, the parser would require a subcommand.
        SetAction(static _ => { });

    /// <summary>Complete command lines.</summary>
    public virtual string[] Examples => [];

    /// <summary>The help text below the options.</summary>
    public virtual string Details => "";

    /// <summary>True if everything after the first word is another command; options precede that
    /// word.</summary>
    public virtual bool TakesCommandLine => false;

    /// <summary>The output format among the command's own options; null: it has none.</summary>
    public virtual string? FormatIn(ParseResult parsed) => null;

    public abstract Task<Report> RunAsync(Invocation call);

    /// <summary>The name, preceded by that of the parent command, if any.</summary>
    public string FullName =>
        string.Join(' ', [.. Parents.OfType<CloudCommand>().Select(static p => p.Name), Name]);

    /// <summary>A usage error that names the help of the command.</summary>
    public CommandError UsageError(string message) =>
        CommandError.Usage($"{message} See 'jobcloud help {FullName}'.");
}

/// <summary>The name and summary of a command, known without an instance.</summary>
internal interface IListedCommand
{
    static abstract string CommandName { get; }

    /// <summary>One sentence.</summary>
    static abstract string Summary { get; }
}
