using System;
using System.Threading;
using System.Threading.Tasks;
using Stack.Transport;

namespace Stack.Cli;

/// <summary>One Binding request to its end, within one deadline for everything.</summary>
internal static class BindingTest
{
    public static async Task<ExitCode> RunAsync(CommandContext context, StunRequest request, CancellationToken cancellationToken)
    {
        StunBinding binding = await BindAsync(request, context.Environment.TimeProvider, cancellationToken).ConfigureAwait(false);
        if (request.IsJson)
        {
            context.Terminal.WriteJson("stun", json => BindingOutput.Write(json, request.Server.Text, binding));
        }
        else if (request.IsQuiet)
        {
            context.Terminal.Line(binding.Mapped.ToString());
        }
        else
        {
            BindingOutput.Write(context.Terminal, request.Server.Text, binding);
        }

        return ExitCode.Success;
    }

    public static async Task<StunBinding> BindAsync(StunRequest request, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var alarm = new CancellationTokenSource(request.Timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, cancellationToken);
        try
        {
            StunClient client = await StunClient.ConnectAsync(request.Server, request.Client, either.Token).ConfigureAwait(false);
            await using (client.ConfigureAwait(false))
            {
                return await client.BindAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (alarm.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(Failures.Timeout(SafeText.Of(request.Server.Text), request.Timeout));
        }
    }
}
