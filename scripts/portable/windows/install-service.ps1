#Requires -Version 5.1
#Requires -RunAsAdministrator
<#
.SYNOPSIS
Installs Sluice so that it starts with this PC, or upgrades it. Data are kept.
.PARAMETER OpenFirewall
Lets other machines through the firewall of Windows to the ports that Sluice opens.
#>
[CmdletBinding()]
param([switch] $OpenFirewall)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

$program = Join-Path $env:ProgramFiles 'Sluice Gateway'
$node = Join-Path $program 'node.exe'
$data = Join-Path $env:ProgramData 'Sluice'
$task = 'Sluice'
# By number, since Windows translates their names.
$system = 'S-1-5-18'
$administrators = 'S-1-5-32-544'
$localService = 'S-1-5-19'

function Stop-Sluice {
    if (Get-ScheduledTask -TaskName $task -ErrorAction SilentlyContinue) {
        Disable-ScheduledTask -TaskName $task | Out-Null
        Stop-ScheduledTask -TaskName $task
    }
    $running = @(Get-Process -Name node -ErrorAction SilentlyContinue | Where-Object { $_.Path -eq $node })
    if ($running.Count -gt 0) {
        $running | Stop-Process -Force
        $running | Wait-Process -Timeout 15 -ErrorAction SilentlyContinue
    }
}

# The program must lie where only administrators can write: what it is, runs with the rights of the service.
function Copy-Program {
    if ($PSScriptRoot -eq $program) { return }
    foreach ($part in 'headless', 'renderer') {
        $old = Join-Path $program $part
        if (Test-Path -LiteralPath $old) { Remove-Item -LiteralPath $old -Recurse -Force }
    }
    New-Item -ItemType Directory -Path $program -Force | Out-Null
    Copy-Item -Path (Join-Path $PSScriptRoot '*') -Destination $program -Recurse -Force
    Get-ChildItem -LiteralPath $program -Recurse -File | Unblock-File
}

# Anybody may make folders in ProgramData. One that somebody else has prepared could lead elsewhere, or be read by him.
function Protect-Data {
    if (Test-Path -LiteralPath $data) {
        if ((Get-Item -LiteralPath $data -Force).Attributes -band [IO.FileAttributes]::ReparsePoint) {
            throw "$data is a link to another folder. Remove it, then try again."
        }
        $owner = (Get-Acl -LiteralPath $data).GetOwner([Security.Principal.SecurityIdentifier]).Value
        if ($owner -notin $system, $administrators, $localService) {
            throw "$data belongs to $owner. Move it away, then try again."
        }
    }
    else {
        New-Item -ItemType Directory -Path $data | Out-Null
    }
    & icacls.exe $data /inheritance:r /grant:r "*${system}:(OI)(CI)F" "*${administrators}:(OI)(CI)F" "*${localService}:(OI)(CI)M" /Q | Out-Null
    if ($LASTEXITCODE -ne 0) { throw "The rights on $data could not be set (icacls ended with $LASTEXITCODE)." }
}

function Register-Sluice {
    $script = Join-Path $program 'headless\sluice.js'
    $action = New-ScheduledTaskAction -Execute $node -Argument "--max-semi-space-size=8 `"$script`" serve --keep-log --data `"$data`"" -WorkingDirectory $program
    # The second one starts it again should it have ended. While it runs, nothing happens.
    $triggers = @(
        New-ScheduledTaskTrigger -AtStartup
        New-ScheduledTaskTrigger -Once -At (Get-Date) -RepetitionInterval (New-TimeSpan -Minutes 1)
    )
    $principal = New-ScheduledTaskPrincipal -UserId 'LOCALSERVICE' -LogonType ServiceAccount
    # Priority 4 is that of an ordinary program; tasks would get less.
    $settings = New-ScheduledTaskSettingsSet -MultipleInstances IgnoreNew -ExecutionTimeLimit ([TimeSpan]::Zero) `
        -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -StartWhenAvailable -Priority 4
    Register-ScheduledTask -TaskName $task -Action $action -Trigger $triggers -Principal $principal -Settings $settings `
        -Description 'Sluice, a gateway of proxies for on-premises IoT.' -Force | Out-Null
}

function Set-Firewall {
    Get-NetFirewallRule -Name $task -ErrorAction SilentlyContinue | Remove-NetFirewallRule
    New-NetFirewallRule -Name $task -DisplayName 'Sluice gateway' -Direction Inbound -Program $node -Action Allow | Out-Null
}

function Wait-Sluice {
    $control = Join-Path $data 'control.json'
    foreach ($try in 1..60) {
        if (Test-Path -LiteralPath $control) { return }
        Start-Sleep -Milliseconds 500
    }
    throw "Sluice does not start. Its log is in $data\logs. What is wrong, says: `"$program\sluice.cmd`" doctor"
}

Stop-Sluice
# Left by one that was ended at once; a new one means that Sluice is ready.
Remove-Item -LiteralPath (Join-Path $data 'control.json') -Force -ErrorAction SilentlyContinue
Copy-Program
Protect-Data
Register-Sluice
if ($OpenFirewall) { Set-Firewall }
Start-ScheduledTask -TaskName $task
Wait-Sluice
Write-Output "Sluice runs, and starts with this PC. Its page: http://sluice.localhost:7420/"
Write-Output "The token for the page: type `"$data\control-token`""
