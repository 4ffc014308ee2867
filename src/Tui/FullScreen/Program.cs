using JobCloud.Tui.FullScreen.Hosting;

return await TuiProgram.RunAsync(args);
