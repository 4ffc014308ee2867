using System.CommandLine;
using System.Text;
using JobCloud.Protocol.Queries;
using JobCloud.Tui.Headless.Help;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class HelpCommand : CloudCommand, IListedCommand
{
    private readonly Argument<string[]> _topic = Arg.Words(
        "COMMAND",
        "a command, or 'query' for the query language of 'ls'",
        required: false
    );

    public HelpCommand()
        : base(CommandName, Summary) => Add(_topic);

    public static string CommandName => "help";
    public static string Summary =>
        "Show help on a command, or on the query language ('help query').";

    public override Task<Report> RunAsync(Invocation call) => Task.FromResult(Show(call));

    private Report Show(Invocation call)
    {
        var words = CommandCatalog.WithoutAlias(call.Get(_topic)!, 0);
        if (words is ["query"])
        {
            call.Terminal.Output.Write(Encoding.UTF8.GetBytes(QueryReference.Text));
            return new Report.Ended(CommandExitCodes.Success);
        }
        Command? command = null;
        foreach (var word in words.Where(static word => word[0] != '-'))
        {
            command = command is null
                ? CommandCatalog.Find(word)?.Create()
                : command.Subcommands.FirstOrDefault(child => child.Name == word);
            if (command is null)
                return CommandError.Usage(
                    $"Unknown help topic '{string.Join(' ', words)}'. See 'jobcloud help'."
                );
        }
        if (command is CloudCommand one)
            HelpText.Write(one, call.Terminal.Output);
        else
            HelpText.Write(CommandCatalog.All, CommandCatalog.Aliases, call.Terminal.Output);
        return new Report.Ended(CommandExitCodes.Success);
    }
}
