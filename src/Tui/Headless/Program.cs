using JobCloud.Tui.Headless;
using JobCloud.Tui.Headless.Processes;

if (args is ["--version"])
    return Application.WriteVersion(CommandProcess.OfThisProcess());

return await Application.RunAsync(args, CommandProcess.OfThisProcess());
