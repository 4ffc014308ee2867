using System.CommandLine;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Invocations;

/// <summary>
/// A command: its name, summary, options and examples, and what it does. It says what it has to say
/// in its report; only streams are written on the way.
/// </summary>
internal abstract class CloudCommand : Command
{
    protected CloudCommand(string name, string summary)
        : base(name, summary) =>
        // A command with commands of its own is only complete by itself when it has an action.
        SetAction(static _ => { });

    /// <summary>Whole command lines that show its use.</summary>
    public virtual string[] Examples => [];

    /// <summary>What help has to say below the options.</summary>
    public virtual string Details => "";

    /// <summary>Everything after its first word is another command's: options come before
    /// it.</summary>
    public virtual bool TakesCommandLine => false;

    public abstract Task<Report> RunAsync(Invocation call);

    /// <summary>What is wrong with the command's arguments, and where its help is.</summary>
    public Trouble Misused(string message) =>
        Trouble.Usage($"{message} See 'jobcloud help {Name}'.");
}

/// <summary>The words a command is listed by, known without building it.</summary>
internal interface IListed
{
    static abstract string Word { get; }

    /// <summary>One sentence.</summary>
    static abstract string Summary { get; }
}
