using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>The main program: joins the cloud, shows the UI, leaves.</summary>
internal static class TuiProgram
{
    private const int Success = 0;
    private const int Unexpected = 1;
    private const int Usage = 2;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (arguments.Contains("--help") || arguments.Contains("-h"))
            return Exit(Console.Out, Arguments.Help.TrimEnd(), Success);
        if (arguments.Contains("--version"))
            return Exit(Console.Out, $"jobcloud-tui {Version}", Success);
        var files = UserFiles.Of(Environment.GetEnvironmentVariable);
        var read = Arguments.Read(
            arguments,
            Environment.GetEnvironmentVariable,
            Path.GetFullPath,
            files.Read()
        );
        if (!read.Ok)
            return Exit(Console.Error, $"jobcloud-tui: {read.Error.Message}", Usage);
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
            return Exit(
                Console.Error,
                "jobcloud-tui: a terminal is required; 'jobcloud ls' lists the jobs without one.",
                Usage
            );
        return await ShowAsync(read.Value, files);
    }

    private static async Task<int> ShowAsync(Options options, UserFiles files)
    {
        var log = new UiLog($"{options.Connection.Paths.Log}/tui.log", TimeProvider.System);
        AppDomain.CurrentDomain.UnhandledException += (_, failure) =>
            log.Write(
                "Unhandled exception; the UI is terminating.",
                failure.ExceptionObject as Exception
            );
        foreach (var (variable, value) in options.Given)
            Environment.SetEnvironmentVariable(variable, value);
        var programs = AppContext.BaseDirectory;
        await using var cloud = ClusterCloud.Join(
            options.Connection,
            programs,
            log,
            TimeProvider.System
        );
        try
        {
            UserInterface.Run(
                cloud,
                cloud.Clock,
                options,
                files,
                Path.Combine(programs, JobCloudProgram.Command.File),
                log
            );
            return Success;
        }
        catch (Exception failure)
        {
            log.Write("The UI failed.", failure);
            TerminalRestore.Restore();
            return Exit(
                Console.Error,
                $"jobcloud-tui failed: {failure.Message} See {options.Connection.Paths.Log}/tui.log.",
                Unexpected
            );
        }
    }

    private static string Version =>
        typeof(TuiProgram).Assembly.GetName().Version!.ToString(fieldCount: 3);

    private static int Exit(TextWriter to, string text, int exitCode)
    {
        to.WriteLine(VisibleText.Of(text));
        return exitCode;
    }
}
