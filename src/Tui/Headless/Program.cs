using JobCloud.Tui.Headless;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

if (args is ["--version"])
{
    CommandProcess.WriteVersion(new DescriptorStream(1));
    return CommandExitCodes.Success;
}

return await Application.RunAsync(args, CommandProcess.OfThisProcess());
