@echo off
setlocal
rem Unless --data or SLUICE_DATA says otherwise, commands are for the service where it is installed.
if not defined SLUICE_DATA if exist "%ProgramData%\Sluice" set "SLUICE_DATA=%ProgramData%\Sluice"
"%~dp0node.exe" --max-semi-space-size=8 "%~dp0headless\sluice.js" %*
exit /b %ERRORLEVEL%
