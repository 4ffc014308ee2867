using JobCloud.Tui.Headless;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

if (args is ["--version"])
{
    Terminal.WriteVersion(new DescriptorStream(1));
    return ExitCodes.Success;
}

return await Application.RunAsync(args, Terminal.OfThisProcess());
