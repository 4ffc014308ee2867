using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class LsCommand() : CloudCommand(Word, Summary), IListed
{
    public static string Word => "ls";
    public static string Summary => "List jobs, newest first.";

    public override Task<Report> RunAsync(Invocation call) => throw new NotImplementedException();
}
