using JobCloud.Tui.Headless;

if (args is ["--version"])
{
    Terminal.WriteVersion(new DescriptorStream(1));
    return ExitCodes.Success;
}

return await Application.RunAsync(args, Terminal.OfThisProcess());
